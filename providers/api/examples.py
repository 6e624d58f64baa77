"""The examples of the guide and of the document. Tests read them with the code that reads real ones."""

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
PULLED = {"rows": 2, "control_sum": str(6281226004001 + 6281326004011)}
"""What a receipt tells of DUMP, beside its digest."""
