"""The examples of the guide and of the document. Tests read them with the code that reads real ones."""

import hashlib
from typing import Any

from providers.files import packed

DUMP = """\
batch,line,pd_id,tingkat_pendidikan,npsn,no_ponsel
57,1,8f2f5c1e-2d5c-4f0a-9d0e-0a3d1f6b7c11,4,20326541,6281226004001
57,2,1b7c0d52-6a4f-4f7e-8a35-5b0b7f6d2e90,7,20326541,6281326004011
"""
SAID = """\
line,no_ponsel,status,answered_at
1,6281226004001,ACTIVE,2020-09-13T08:10:00+07:00
2,6281326004011,GRACE,2020-09-13T08:10:00+07:00
"""
SAID_JSON = """\
{"line": 1, "no_ponsel": "6281226004001", "status": "ACTIVE", "answered_at": "2020-09-13T08:10:00+07:00"}
{"line": 2, "no_ponsel": "6281326004011", "status": "GRACE", "answered_at": "2020-09-13T08:10:00+07:00"}
"""
ORDERS = """\
batch,line,pd_id,npsn,no_ponsel,gigabytes
58,1,8f2f5c1e-2d5c-4f0a-9d0e-0a3d1f6b7c11,20326541,6281226004001,35
58,2,1b7c0d52-6a4f-4f7e-8a35-5b0b7f6d2e90,20326541,6281326004011,35
"""
REPORTS = """\
line,no_ponsel,status,code,reported_at
1,6281226004001,SUCCEEDED,,2020-09-24T10:00:00+07:00
2,6281326004011,FAILED,NUMBER_INACTIVE,2020-09-24T10:00:00+07:00
"""
REPORTS_JSON = """\
{"line": 1, "no_ponsel": "6281226004001", "status": "SUCCEEDED", "reported_at": "2020-09-24T10:00:00+07:00"}
"""
PULLED = {"rows": 2, "control_sum": str(6281226004001 + 6281326004011)}
"""What a receipt tells of DUMP, beside its digest."""
RECEIPT_BY_HAND = """\
import csv, gzip, hashlib, json, sys
no = sys.argv[1]
parts = [f"{no}-{part['no']}.csv.gz" for part in json.load(open(f"{no}.json"))["parts"]]
rows = [row for part in parts for row in csv.DictReader(gzip.open(part, "rt"))]
digests = "".join(hashlib.sha256(open(part, "rb").read()).hexdigest() for part in parts)
said = {"rows": len(rows), "control_sum": str(sum(int(row["no_ponsel"]) for row in rows))}
print(json.dumps(said | {"sha256": hashlib.sha256(digests.encode()).hexdigest()}))
"""

# What the interface answers

_PACKED = packed(DUMP)
_PART: dict[str, Any] = {
    "no": 1,
    "rows": 2,
    "first_line": 1,
    "last_line": 2,
    "control_sum": PULLED["control_sum"],
    "size": len(_PACKED),
    "sha256": hashlib.sha256(_PACKED).hexdigest(),
}
_TOGETHER = hashlib.sha256(_PART["sha256"].encode()).hexdigest()
_PREPARED = "2020-09-12T13:00:00+00:00"
EXCHANGES: dict[str, Any] = {
    "items": [
        {
            "id": 57,
            "purpose": "MATCH",
            "status": "PREPARED",
            "period": "September 2020",
            "stage": 1,
            "parts": 1,
            "rows": 2,
            "size": len(_PACKED),
            "sha256": _TOGETHER,
            "prepared_at": _PREPARED,
            "receipted_at": None,
            "answered_at": None,
        }
    ],
    "next_after": None,
}
MANIFEST: dict[str, Any] = {
    "schema_version": 2,
    "batch": 57,
    "provider": "TELKOMSEL",
    "purpose": "MATCH",
    "period": "September 2020",
    "stage": 1,
    "columns": DUMP.splitlines()[0].split(","),
    "rows": 2,
    "control_sum": PULLED["control_sum"],
    "size": len(_PACKED),
    "sha256": _TOGETHER,
    "parts": [_PART],
    "prepared_at": _PREPARED,
    "key_id": "3c9a4f01b7de",
    "signature": "9hR0p3s1Yk0m3Zc2b8wq4TnX5vJ7eLr6uDf1aGiH2oKsPtQyVzWxCjBlMdNeUkE0S8gA9hR0p3s1Yk0m3Zc2bw==",
}
RECEIPT = {"rows": 2, "sha256": _TOGETHER, "control_sum": PULLED["control_sum"]}
RECEIPTED = {"id": 57, "status": "RECEIPTED", "receipted_at": "2020-09-12T14:10:00+00:00"}
ACCEPTED = {"batch": 91, "status": "QUEUED", "url": "/api/provider/v1/batches/91"}
TAKEN_BEFORE = ACCEPTED | {"status": "DONE"}
BATCH: dict[str, Any] = {
    "id": 91,
    "status": "DONE",
    "sha256": "0b1c5d2f9a6e4c37b8d1f2a3c4e5d6f708192a3b4c5d6e7f8091a2b3c4d5e6f7",
    "created_at": "2020-09-13T02:00:00+00:00",
    "finished_at": "2020-09-13T02:00:07+00:00",
    "error": "",
    "counts": {
        "rows": 3,
        "applied": 2,
        "stale": 0,
        "duplicate": 0,
        "superseded": 0,
        "unknown_line": 1,
        "number_not_sent": 0,
        "held": 0,
        "bad": 0,
    },
    "refused_url": "/api/provider/v1/batches/91/refused",
}
REFUSED: dict[str, Any] = {
    "items": [
        {
            "row": 4,
            "column": "line",
            "code": "UNKNOWN_LINE",
            "message": "Baris ini tidak ada dalam berkas yang dikirim.",
        }
    ],
    "next_after": None,
}
REFUSED_CSV = "row,column,code,message\r\n4,line,UNKNOWN_LINE,Baris ini tidak ada dalam berkas yang dikirim.\r\n"
KEYS = [
    {"key_id": "3c9a4f01b7de", "algorithm": "Ed25519", "public_key": "1Yk0m3Zc2b8wq4TnX5vJ7eLr6uDf1aGiH2oKsPtQyVw="}
]
