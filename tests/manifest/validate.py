"""What Slack's own schema has against manifests, a line each. The schema is schemas/manifest.schema.1.0.0.json of
https://github.com/slackapi/manifest-schema at c50cfa8508ff1017344550a5e5fb29a1416e5b98, MIT (LICENSE beside it)."""

import json
import pathlib
import sys

import jsonschema
import yaml

schema = json.loads((pathlib.Path(__file__).parent / "manifest.schema.1.0.0.json").read_text(encoding="utf-8"))
validator = jsonschema.Draft7Validator(schema)
for path in sys.argv[1:]:
    manifest = yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8"))
    for error in validator.iter_errors(manifest):
        print(path + ": " + "/".join(map(str, error.absolute_path)) + ": " + error.message[:300])
