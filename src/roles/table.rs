//! The one table of roles and methods, from which forwarders, guards and marks are made.

/// Calls the macro `$each` once per role: `Role, Capabilities { method(Request) -> Reply; ... }`.
macro_rules! roles {
    ($each:ident) => {
        $each!(ChatModel, ChatCapabilities { chat(ChatRequest) -> ChatReply; });
        $each!(Describer, DescriberCapabilities { describe(DescribeRequest) -> DescribeReply; });
        $each!(Embedder, EmbedderCapabilities { embed(EmbedRequest) -> EmbedReply; });
        $each!(VectorStore, VectorStoreCapabilities {
            create(CreateRequest) -> CreateReply;
            upsert(UpsertRequest) -> UpsertReply;
            search(SearchRequest) -> SearchReply;
            get(GetRequest) -> GetReply;
            delete(DeleteRequest) -> DeleteReply;
            scan(ScanRequest) -> ScanReply;
            count(CountRequest) -> CountReply;
        });
        $each!(PromptWriter, PromptWriterCapabilities {
            concept(ConceptRequest) -> ConceptReply;
            write(WriteRequest) -> WriteReply;
        });
        $each!(ImageGenerator, GeneratorCapabilities { generate(GenerateRequest) -> GenerateReply; });
        $each!(Decomposer, DecomposerCapabilities { decompose(DecomposeRequest) -> DecomposeReply; });
        $each!(Planner, PlannerCapabilities { plan(PlanRequest) -> PlanReply; });
        $each!(Judge, JudgeCapabilities { judge(JudgeRequest) -> JudgeReply; });
        $each!(Scorer, ScorerCapabilities { score(ScoreRequest) -> ScoreReply; });
        $each!(AssetStore, AssetStoreCapabilities {
            put(PutAssetRequest) -> PutAssetReply;
            get(GetAssetRequest) -> GetAssetReply;
            head(HeadAssetRequest) -> HeadAssetReply;
            delete(DeleteAssetRequest) -> DeleteAssetReply;
            list(ListAssetsRequest) -> ListAssetsReply;
            sign(SignAssetRequest) -> SignAssetReply;
        });
        $each!(CampaignStore, CampaignStoreCapabilities {
            create(CreateCampaignRequest) -> CreateCampaignReply;
            get(GetCampaignRequest) -> GetCampaignReply;
            replace(ReplaceCampaignRequest) -> ReplaceCampaignReply;
            append(AppendRequest) -> AppendReply;
            entries(EntriesRequest) -> EntriesReply;
            list(ListCampaignsRequest) -> ListCampaignsReply;
            delete(DeleteCampaignRequest) -> DeleteCampaignReply;
        });
    };
}

pub(crate) use roles;
