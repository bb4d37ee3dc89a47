"""Reads {"schema", "documents": […], "yaml": [{"text", "value"}, …]} and writes {"documents": […], "yaml": […]}: for each document
what the schema has against it, for each text how PyYAML, which speaks YAML 1.1, reads it otherwise; "" where nothing is wrong."""

import json
import sys

import jsonschema
import yaml


def refusal(validator, document):
    error = next(validator.iter_errors(document), None)
    return "" if error is None else "/".join(map(str, error.absolute_path)) + ": " + error.message[:300]


def difference(text, value):
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return str(error)
    return "" if read == value else repr(read)


asked = json.load(sys.stdin)
jsonschema.Draft7Validator.check_schema(asked["schema"])
validator = jsonschema.Draft7Validator(asked["schema"])
json.dump(
    {
        "documents": [refusal(validator, document) for document in asked["documents"]],
        "yaml": [difference(one["text"], one["value"]) for one in asked["yaml"]],
    },
    sys.stdout,
)
