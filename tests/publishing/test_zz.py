import json


def test_x(finished):
    import subprocess

    from frisat.report import Silent
    from publishing import verify
    p = finished.workspace.release()
    print(subprocess.run(["find", str(p), "-type","f"],capture_output=True,text=True).stdout)
    print(json.dumps(json.loads((p/"release.json").read_text())["sources"],indent=1)[:3000])
    print((p/"README.md").read_text())
    print((p/"rights/register.jsonl").read_text()[:800])
    print(finished.latest().excluded())
    print(verify(p, Silent()))
