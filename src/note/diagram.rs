//! stub
/// Why not drawn.
#[derive(Debug)]
pub struct DiagramError {
    /// What.
    pub message: String,
    /// Where.
    pub offset: Option<usize>,
}
impl DiagramError {
    /// Whether zhi was built without diagrams.
    pub fn is_not_built(&self) -> bool {
        true
    }
}
/// stub
pub fn render(_source: &str, _id: &str, _title: Option<&str>) -> Result<String, DiagramError> {
    Err(DiagramError { message: String::new(), offset: None })
}
