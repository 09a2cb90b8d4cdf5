use keyvisual::backends::bedrock::Registry;

#[test]
fn the_built_in_data_can_be_read() {
    Registry::builtin().unwrap();
}
