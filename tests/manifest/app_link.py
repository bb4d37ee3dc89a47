"""The link that creates the Slack app, from manifest/slack.yaml. Alone it prints it; with --write it puts it into README.md."""

import pathlib
import re
import sys
import urllib.parse

import yaml

top = pathlib.Path(__file__).resolve().parents[2]
manifest = yaml.safe_load((top / "manifest/slack.yaml").read_text(encoding="utf-8"))
text = yaml.safe_dump(manifest, default_flow_style=True, sort_keys=False, width=1_000_000, allow_unicode=True).strip()
link = "https://api.slack.com/apps?new_app=1&manifest_yaml=" + urllib.parse.quote(text, safe=",:/@")

if sys.argv[1:] == ["--write"]:
    readme = top / "README.md"
    read = readme.read_text(encoding="utf-8")
    written, times = re.subn(r"(?m)^\[create-app\]: .*$", lambda _: "[create-app]: " + link, read)
    assert times == 1, "README.md has no line that begins with [create-app]:"
    readme.write_text(written, encoding="utf-8")
else:
    print(link)
