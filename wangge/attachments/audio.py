"""Recordings: recognised by their bytes and kept as they came."""

import re

import filetype

MAX_BYTES = 20 * 1024 * 1024

PLAIN = {
    "audio/mpeg": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/aac": "audio/aac",
    "audio/x-wav": "audio/wav",
    "audio/amr": "audio/amr",
}

# In an MP4 every track names its handler: `vide`, `soun` … (ISO/IEC 14496-12, 8.4.3).
MP4_HANDLER = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)
# In WebM every track names its codec, near the beginning (Matroska codec mappings).
WEBM_SOUND = re.compile(rb"A_(OPUS|VORBIS)")
WEBM_FILM = re.compile(rb"V_(VP8|VP9|AV1|MPEG)")
WEBM_HEAD = 65536


def audio_type(content: bytes) -> str | None:
    """Return the media type of a recording, or None when these bytes are no sound that we take.

    Browsers and phones record sound into containers that also carry films (WebM, MP4, 3GP, Ogg); those count when
    they hold a sound track and no picture track.
    """
    sniffed = filetype.guess_mime(content)
    if sniffed in PLAIN:
        return PLAIN[sniffed]
    if sniffed == "audio/ogg" and b"theora" not in content[:512]:
        return "audio/ogg"
    if sniffed == "video/webm" and WEBM_SOUND.search(content, 0, WEBM_HEAD):
        return None if WEBM_FILM.search(content, 0, WEBM_HEAD) else "audio/webm"
    if content[4:8] == b"ftyp" and set(MP4_HANDLER.findall(content)) == {b"soun"}:
        return "audio/mp4"
    return None
