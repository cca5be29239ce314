"""A camera for tests: small pictures with what cameras, agencies and programs write into them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageDraw

XMP = """<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 photoshop:Credit="Агентство Обрій" photoshop:City="Харків" photoshop:Country="Україна"
 photoshop:DateCreated="2026-11-03T10:20:30+02:00" xmpRights:WebStatement="https://obriy.example/terms"
 exif:GPSLatitude="49,59.5N" aux:SerialNumber="SN-771-204">
<dc:creator><rdf:Seq><rdf:li>Олена Марчук</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2026 Обрій</rdf:li></rdf:Alt></dc:rights>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Міст через річку</rdf:li></rdf:Alt></dc:description>
<plus:DataMining rdf:resource="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"/>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"""

SERIAL = "SN-771-204"
DEVICE = "Kamerabau Mark 9"
SECRETS = [SERIAL.encode(), DEVICE.encode(), "Харків".encode(), b"GPS", b"49,59"]


def drawn(size=(900, 600), mode="RGB"):
    """Something to look at: red on the left, blue on the right, so that turning and cutting can be seen."""
    picture = Image.new("RGB", size, (200, 30, 30))
    ImageDraw.Draw(picture).rectangle((size[0] // 2, 0, size[0], size[1]), fill=(30, 30, 200))
    return picture.convert(mode)


def iim(fields, *, utf8=False):
    """An APP13 segment with these IIM fields: dataset of record 2 → bytes."""
    data = b"\x1c\x01\x5a\x00\x03\x1b%G" if utf8 else b""
    for dataset, value in fields.items():
        data += bytes([0x1C, 2, dataset]) + len(value).to_bytes(2, "big") + value
    block = b"8BIM\x04\x04\x00\x00" + len(data).to_bytes(4, "big") + data + b"\x00" * (len(data) % 2)
    segment = b"Photoshop 3.0\x00" + block
    return b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment


def exif(*, orientation=1, artist=""):
    """What a camera writes, a place and a serial number among it."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = DEVICE
    if artist:
        tags[ExifTags.Base.Artist] = artist
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = SERIAL
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:02 08:00:00"
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (49.0, 59.0, 30.0)
    return tags


def jpeg(size=(900, 600), mode="RGB", **options):
    out = BytesIO()
    drawn(size, mode).save(out, "JPEG", quality=80, **options)
    return out.getvalue()


def saved(picture, kind, **options):
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def upload(data, name="bridge.jpg"):
    return SimpleUploadedFile(name, data, content_type="image/jpeg")
