"""Where a request comes from: the client's address, and the network that counts as one place when tries are limited."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

IPV6_PREFIX = 64
# Behind a proxy that is not told of (BEHIND_PROXY), every shopper seems to come from one of these: counting them would
# slow down the whole shop because of one visitor.
NOT_A_SHOPPERS = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10",
        ),
    )
)  # fmt: skip


def client_address(request: HttpRequest) -> str:
    """The address of the client: the last entry of X-Forwarded-For behind our proxy, else the peer's. Never a guess."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 that one IPv6 connection gets. What is none stays as it is."""
    try:
        found = ip_address(address.split("%", 1)[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)


def is_shoppers(address: str) -> bool:
    """Whether it can be the address of one shopper: not that of a proxy or of this machine."""
    try:
        found = ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return not any(found in network for network in NOT_A_SHOPPERS if network.version == found.version)
