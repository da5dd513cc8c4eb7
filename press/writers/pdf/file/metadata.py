"""Make the metadata of a file: XMP, and the color profile of the output intent of PDF/A.

PDF/UA-1 (ISO 14289-1, 5 and 7.1) requires the title and the identifier of the standard in XMP;
PDF/A-2 (ISO 19005-2, 6.6) the same and a gray profile. No names, no authors.
"""

from __future__ import annotations

import struct

_PACKET = """<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def xmp(title: str, language: str, producer: str) -> bytes:
    """Write the XMP packet. It has no date: the same page always gives the same bytes."""
    packet = _PACKET.format(title=_escape(title), language=_escape(language), producer=_escape(producer))
    return packet.encode("utf-8")


def _escape(text: str) -> str:
    """Escape a text for XML; `html.escape` would bring the names of all characters of HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def gray_profile() -> bytes:
    """Make a small ICC profile (version 2) for gray: gamma 2.2 on white D50."""
    tags = {
        b"cprt": b"text\0\0\0\0" + b"No copyright\0",
        b"desc": _description(b"Grey, gamma 2.2"),
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)),
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061),
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    head = struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4sQI3i4s44x",
        start + len(body), b"\0" * 4, 0x02400000, b"prtr", b"GRAY", b"XYZ ", 2026, 1, 1, 0, 0, 0,
        b"acsp", b"\0" * 4, 0, b"\0" * 4, b"\0" * 4, 0, 0, 63190, 65536, 54061, b"\0" * 4,
    )  # fmt: skip
    return head + table + body


def _description(text: bytes) -> bytes:
    return b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + b"\0" * 78
