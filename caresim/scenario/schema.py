"""The JSON Schema of a config, from the declarations: editors complete and check with it."""

from __future__ import annotations

from typing import Any

from caresim import catalogue
from caresim.kernel.parameters import Parameters
from caresim.scenario.design import DesignKeys
from caresim.scenario.keys import NAME, Config, MixKeys
from caresim.synthesis.places import places

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def config_schema() -> dict[str, Any]:
    """Return the schema; `place` is needed, but may stand in a parent."""
    schema = Config.model_json_schema()
    definitions = schema.pop("$defs")
    keys = schema["properties"]
    del keys["name"]["default"]
    keys["place"]["examples"] = places()
    keys["population"]["default"] = {
        name: key["default"] for name, key in definitions["Population"]["properties"].items()
    }
    keys["mixes"].update(_mixes())
    keys["parameters"].update(_groups(catalogue.parameter_groups()), default={})
    definitions["Mix"] = _mix()
    keys["design"] = {**DesignKeys.model_json_schema(), "description": keys["design"]["description"]}
    wanted = {"anyOf": [{"required": ["place"]}, {"required": ["extends"]}]}
    return {
        "$schema": DIALECT,
        **_untitled(schema),
        "title": "caresim scenario",
        "required": [],
        **wanted,
        "$defs": _untitled(definitions),
    }


def _mixes() -> dict[str, Any]:
    named = {"type": "string", "pattern": NAME}
    body = {"$ref": "#/$defs/Mix"}
    return {
        "default": ["status_quo"],
        "oneOf": [
            {
                "type": "array",
                "minItems": 1,
                "items": {"anyOf": [named, {"allOf": [body], "required": ["name"]}]},
            },
            {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": NAME},
                "additionalProperties": {"anyOf": [{"type": "null"}, body]},
            },
        ],
    }


def _mix() -> dict[str, Any]:
    schema = MixKeys.model_json_schema()
    declared = {name: instrument.parameters for name, instrument in catalogue.instruments().items()}
    schema["properties"]["instruments"].update(_groups(declared))
    return schema


def _groups(groups: dict[str, type[Parameters]]) -> dict[str, Any]:
    """Return the schema of `group: {name: value}`."""
    return {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {name: _group(declared) for name, declared in groups.items()},
    }


def _group(declared: type[Parameters]) -> dict[str, Any]:
    schema = declared.model_json_schema()
    return {
        "type": ["object", "null"],
        "description": declared.__doc__ or "",
        "additionalProperties": False,
        "properties": {name: _value(value) for name, value in schema.get("properties", {}).items()},
    }


def _value(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value that may be dated."""
    told: dict[str, Any] = {key: schema.pop(key) for key in ("description", "default") if key in schema}
    marks = {f"x-{key}": schema.pop(key) for key in ("unit", "low", "high", "role", "evidence", "source")}
    for key in ("title", "local", "off"):
        schema.pop(key, None)
    limits = zip(("minimum", "maximum"), schema.pop("limits"), strict=True)
    bounds = {key: limit for key, limit in limits if limit is not None}
    for item in schema.get("prefixItems", []):
        item.update(bounds)
    dated = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": MONTH},
        "additionalProperties": schema,
    }
    text = f"{told.get('description', '')} [{marks['x-unit']}]"
    return {**told, "description": text, **marks, "anyOf": [schema, dated]}


def _untitled(schema: Any) -> Any:
    """Return a schema without the titles that repeat the keys, save a key that is itself called title."""
    if isinstance(schema, list):
        return [_untitled(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _untitled(inner) for key, inner in schema.items() if key != "title" or isinstance(inner, dict)
    }
