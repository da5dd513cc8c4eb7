"""Writers: a document tree in, one printed format out."""
