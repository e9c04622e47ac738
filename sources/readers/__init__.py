"""Readers of the formats strangers send: XML, HTML, PDF and DOCX, each within limits."""
