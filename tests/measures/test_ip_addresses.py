"""Addresses and versions are both four small numbers with dots: what stands around them tells which."""

import polars as pl
import pytest

from governance.measures.personal_data import find
from governance.reporting.personal_scan import scan_values

VERSIONS = (
    "updated from 1.7.8 to 7.7.6.8", "firmware upgraded from 2.4.6.1 to 12.4.6.18", "downgraded from 14.2.33.7 to 13.9.12.1",
    "rolled back to 22.5.13.44 after the outage", "v22.5.13.44 is out", "upgrade the client from 11.3.2 to 12.14.61.8",
    "the server was updated from 5.6.7 to 15.26.7.81", "bump openssl from 1.1.1 to 3.20.41.7", "package curl-lib 7.88.1 -> 17.88.12.31",
    "build 23.44.21.60 fails where 23.44.21 passed", "release 14.22.31.4", "kernel 25.15.30.91 panics", "BIOS 31.62.14.8 installed",
    "patched to 33.41.52.61 by ops", "host agent upgraded to 33.41.52.61", "app 24.31.52.61 on the client", "gateway firmware: 10.32.4.55",
    "migrated the plugin from 1.2.3.4 to 1.2.3.5", "Update of the remote control from 14.7.28.90 to 17.7.6.80 failed",
    "blocked 6.1.2.3 again", "ships 6.1.2.3 and 4.18.0.193", "4.118.0.193 is new",
    "network driver rolled back from 31.2.3 to 30.101.2.4", "numpy v1.2.3 => 31.2.41.5",
)  # fmt: skip
ADDRESSES = (
    "from 10.0.0.5 to 192.168.1.7", "moved from 10.0.0.5 to 192.168.1.7", "login from 84.17.22.9", "ssh root@10.0.0.5", "ping 8.8.8.8",
    "host 10.1.2.3 is down", "10.0.0.5:8080 refused", "traffic from 85.1.2.3 to 91.4.5.6 blocked", "firmware downloaded from 93.184.216.34",
    "the server at 62.41.77.10 was updated", "login update from 62.113.10.5", "IP updated from 62.1.2.3 to 62.1.2.4",
    "upgraded host 10.0.0.5 to version 3.2.1", "A package from 185.22.13.4 was dropped", "updated the host from 10.0.0.5 to 192.168.1.7",
    "update request received from 33.20.10.4", "server=62.33.41.9 version=1.2.3", "version 1.2.3 installed on host 62.33.41.9",
    "upgraded nginx on 62.33.41.9 from 1.2.3 to 1.2.4", "copied build from 31.2.3.4 to 31.2.3.9", "updated from 10.0.0.5 to 192.168.1.7",
    "src=6.138.155.106 dst=any", "dst: 7.8.9.201", "drop 6.138.155.106", "blocked 3.78.196.137 at the firewall",
)  # fmt: skip


@pytest.mark.parametrize("text", VERSIONS)
def test_versions_are_no_addresses(text):
    assert [hit for hit in find(text) if hit.kind == "ip_address"] == []


@pytest.mark.parametrize("text", ADDRESSES)
def test_addresses_stay_found_beside_words_of_versions(text):
    assert [hit for hit in find(text) if hit.kind == "ip_address"]


@pytest.mark.parametrize(("name", "kinds"), [("value", set()), ("ip", {"ip_address"})])
def test_cells_of_three_parts_make_versions_of_those_of_four(name, kinds):
    values = [f"{12 + i % 9}.{i % 7}.{i}" for i in range(30)] + [
        f"{12 + i % 9}.{i % 7}.{i % 19}.{9 + i}" for i in range(60)
    ]
    hits = scan_values(name, pl.Series(values), pl.Series([1] * len(values)))
    assert {hit.kind for hit in hits} == kinds
