"""Documents: PDF only, recognised by its bytes, kept as it came, and only ever downloaded, never shown inline."""

MAX_BYTES = 20 * 1024 * 1024


def is_pdf(content: bytes) -> bool:
    """Say whether these bytes are a whole PDF: it names itself first and marks its end."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
