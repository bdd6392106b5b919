"""An outside base map under our own ground: only if a setting names one, and then from that place alone."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# 天地图, the national map service, in Web Mercator: pictures, and names above them. It is in CGCS2000 like our own data.
TIANDITU = (
    "https://t{server}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
TIANDITU_SERVERS = range(8)
TIANDITU_LAYERS = ("vec", "cva")


@dataclass(frozen=True)
class OutsideMap:
    """Where its pictures come from, whose they are, and under which number the map was approved (审图号)."""

    layers: tuple[tuple[str, ...], ...]  # addresses with {z}, {x}, {y}; each layer lies above the one before
    archive: str = ""  # or the address of one PMTiles file of pictures
    credit: str = ""
    approval: str = ""

    @property
    def origins(self) -> list[str]:
        """The origins that a page with this map may ask."""
        addresses = [address for layer in self.layers for address in layer] + [self.archive] * bool(
            self.archive
        )
        parts = [urlsplit(address) for address in addresses]
        return sorted({f"{part.scheme}://{part.netloc}" for part in parts if part.netloc})


def read_outside_map(named: str, *, key: str = "", credit: str = "", approval: str = "") -> OutsideMap | None:
    """The map that settings name: `tianditu` with a key, an address with {z}/{x}/{y}, or one ending in .pmtiles.

    Raises ValueError for anything else, with the sentence for whoever installs.
    """
    if not named:
        return None
    if named == "tianditu":
        if not key or not approval:
            raise ValueError(
                "WANGGE_BASE_MAP=tianditu needs your key of the service in WANGGE_BASE_MAP_KEY, and in "
                "WANGGE_BASE_MAP_APPROVAL the number under which the service shows its map (审图号)."
            )
        layers = tuple(_tianditu(layer, key) for layer in TIANDITU_LAYERS)
        return OutsideMap(layers, credit=credit or "天地图", approval=approval)
    if named.endswith(".pmtiles"):
        return OutsideMap((), named, credit, approval)
    if all(part in named for part in ("{z}", "{x}", "{y}")):
        return OutsideMap(((named.replace("{key}", quote(key)),),), credit=credit, approval=approval)
    raise ValueError(
        "WANGGE_BASE_MAP is tianditu, an address with {z}, {x} and {y}, or one ending in .pmtiles."
    )


def _tianditu(layer: str, key: str) -> tuple[str, ...]:
    return tuple(TIANDITU.format(server=one, layer=layer, key=quote(key)) for one in TIANDITU_SERVERS)
