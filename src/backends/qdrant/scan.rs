//! All records in the order of their ids, a page at a time.
//!
//! Qdrant scrolls by UUID or by a number, so each point has the first 24 bytes of its id as four numbers. A page is read
//! by one of them: by the first, among all; or, where more ids than fit a page agree in it, by the next, among those.
//! A page ends where the number changes, so that what it leaves out is what comes after.

use qdrant_client::qdrant::{
    Direction, Filter as Conditions, OrderBy, PayloadIncludeSelector, RetrievedPoint, ScrollPoints,
    WithPayloadSelector, with_payload_selector::SelectorOptions,
};

use super::{QdrantConfig, client::Client, collection::Collection, filter, keys, payload, read};
use crate::{
    domain::Record,
    error::{Error, Result},
    roles::{ScanReply, ScanRequest},
    stores::cursor,
};

/// The most ids of one request, where many agree in all numbers.
const IDS: u32 = 10_000;

/// Where a scan goes on.
struct Place {
    /// The numbers in which all ids to be read agree; there are as many as the level of the place.
    prefix: Vec<i64>,
    /// The number of the level after which to go on.
    after: Option<i64>,
    /// Among ids that agree in all numbers, the one after which to go on.
    id: Option<String>,
}

impl Place {
    fn start() -> Self {
        Self { prefix: Vec::new(), after: None, id: None }
    }

    /// Behind all ids that agree with this one in the numbers up to the level.
    fn behind(level: usize, id: &str) -> Self {
        let order = keys::order(id);
        let prefix = order.iter().copied().take(level).collect();
        Self { prefix, after: order.get(level).copied(), id: Some(id.to_owned()) }
    }

    /// Before all ids that agree with this one in the numbers up to the level.
    fn within(level: usize, id: &str) -> Self {
        Self { prefix: keys::order(id)[..=level].to_vec(), after: None, id: None }
    }

    fn level(&self) -> usize {
        self.prefix.len()
    }

    /// Behind everything that agrees in the prefix; nothing is behind everything.
    fn up(mut self) -> Option<Self> {
        self.after = Some(self.prefix.pop()?);
        Some(self)
    }

    /// What passes and is here.
    fn filter(&self, passing: Option<&Conditions>) -> Conditions {
        let mut filter = passing.cloned().unwrap_or_default();
        let same =
            self.prefix.iter().enumerate().map(|(at, number)| filter::is(keys::level_path(at), *number));
        filter.must.extend(same);
        if let (Some(after), true) = (self.after, self.level() < keys::LEVELS) {
            filter.must.push(filter::above(keys::level_path(self.level()), after));
        }
        filter
    }
}

pub(super) struct Scan<'s> {
    pub(super) client: &'s Client,
    pub(super) collection: &'s Collection,
    pub(super) config: &'s QdrantConfig,
}

impl Scan<'_> {
    /// The next page. Usually that is one request; where the level changes it is one more.
    pub(super) async fn page(&self, request: &ScanRequest, most: usize) -> Result<ScanReply> {
        let limit = request.limit_within(most)?;
        let passing = filter::conditions(request.filter.as_ref(), &self.collection.schema)?;
        let mut place = match &request.cursor {
            Some(cursor) => self.read_cursor(cursor)?,
            None => Place::start(),
        };
        loop {
            let level = place.level();
            let page = if level == keys::LEVELS {
                self.alike(passing.as_ref(), &place, limit).await?
            } else {
                match self.by_number(passing.as_ref(), &place, limit).await? {
                    Page::TooMany { id } => {
                        place = Place::within(level, &id);
                        continue;
                    }
                    page => page,
                }
            };
            let Page::Whole { records, last, more } = page else {
                return Ok(ScanReply::new(Vec::new(), None));
            };
            let Some(last) = last else {
                match place.up() {
                    Some(up) => place = up,
                    None => return Ok(ScanReply::new(Vec::new(), None)),
                }
                continue;
            };
            let next = match (more, level.checked_sub(1)) {
                (true, _) => Some(self.write_cursor(level, &last)),
                (false, Some(up)) => Some(self.write_cursor(up, &last)),
                (false, None) => None,
            };
            return Ok(reply(records, next));
        }
    }

    /// Points by the number of the level, up to the last that is certainly whole.
    async fn by_number(&self, passing: Option<&Conditions>, place: &Place, limit: usize) -> Result<Page> {
        let level = place.level();
        let order = OrderBy {
            key: keys::level_path(level),
            direction: Some(Direction::Asc.into()),
            ..OrderBy::default()
        };
        let request = self.client.request(ScrollPoints {
            collection_name: self.config.collection.clone(),
            filter: Some(place.filter(passing)),
            limit: Some(u32::try_from(limit).unwrap_or(u32::MAX).saturating_add(1)),
            with_payload: Some(true.into()),
            with_vectors: Some(true.into()),
            order_by: Some(order),
            ..ScrollPoints::default()
        });
        let points = self.client.call(self.client.points().scroll(request)).await?.result;
        let mut points =
            points.into_iter().map(|point| Ok((self.id(&point)?, point))).collect::<Result<Vec<_>>>()?;
        let more = points.len() > limit;
        if let (true, Some((id, _))) = (more, points.last()) {
            let (id, cut) = (id.clone(), keys::order(id)[level]);
            points.retain(|(id, _)| keys::order(id)[level] != cut);
            if points.is_empty() {
                return Ok(Page::TooMany { id });
            }
        }
        points.sort_by(|a, b| a.0.cmp(&b.0));
        let last = points.last().map(|(id, _)| id.clone());
        let schema = &self.collection.schema;
        let records = points.into_iter().map(|(id, point)| (id, payload::record(&point, schema))).collect();
        Ok(Page::Whole { records, last, more })
    }

    /// Ids that agree in all numbers are all listed for each page, and sorted here.
    async fn alike(&self, passing: Option<&Conditions>, place: &Place, limit: usize) -> Result<Page> {
        let ids_alone = PayloadIncludeSelector { fields: vec![keys::ID.to_owned()] };
        let ids_alone = WithPayloadSelector { selector_options: Some(SelectorOptions::Include(ids_alone)) };
        let (mut ids, mut offset) = (Vec::new(), None);
        loop {
            let request = self.client.request(ScrollPoints {
                collection_name: self.config.collection.clone(),
                filter: Some(place.filter(passing)),
                offset,
                limit: Some(IDS),
                with_payload: Some(ids_alone.clone()),
                with_vectors: Some(false.into()),
                ..ScrollPoints::default()
            });
            let reply = self.client.call(self.client.points().scroll(request)).await?;
            for point in &reply.result {
                let id = self.id(point)?;
                if place.id.as_ref().is_none_or(|after| id > *after) {
                    ids.push(id);
                }
            }
            offset = reply.next_page_offset;
            if offset.is_none() {
                break;
            }
        }
        ids.sort();
        let more = ids.len() > limit;
        ids.truncate(limit);
        let found = read::get(self.client, self.collection, self.config, &ids).await?;
        let last = ids.last().cloned();
        let records = ids.into_iter().zip(found).filter_map(|(id, found)| Some((id, found.transpose()?)));
        Ok(Page::Whole { records: records.collect(), last, more })
    }

    fn id(&self, point: &RetrievedPoint) -> Result<String> {
        payload::id(point.id.as_ref(), &point.payload).map(str::to_owned)
    }

    /// A cursor is the level and the last id.
    fn write_cursor(&self, level: usize, id: &str) -> String {
        cursor::write(&self.scope(), &format!("{level}{id}"))
    }

    fn read_cursor(&self, cursor: &str) -> Result<Place> {
        let position = cursor::read(&self.scope(), cursor)?;
        let (level, id) = position.split_at_checked(1).unwrap_or_default();
        let level =
            level.parse().map_err(|_| Error::invalid(format!("{cursor:?} is a cursor without a level")))?;
        Ok(Place::behind(level, id))
    }

    fn scope(&self) -> String {
        format!("{}/", self.config.collection)
    }
}

/// What a request gave.
enum Page {
    /// Records by id, the last id, and whether there are more at this level.
    Whole { records: Vec<(String, Result<Record>)>, last: Option<String>, more: bool },
    /// More than a page agrees with this id.
    TooMany { id: String },
}

fn reply(found: Vec<(String, Result<Record>)>, next: Option<String>) -> ScanReply {
    let (mut records, mut damaged) = (Vec::new(), Vec::new());
    for (id, record) in found {
        match record {
            Ok(record) => records.push(record),
            Err(error) => damaged.push((id, error)),
        }
    }
    ScanReply::new(records, next).with_damaged(damaged)
}
