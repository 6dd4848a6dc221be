"""The API's own pages: every call with what it takes, what it gives, its scope and its action."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader

from kotowari.accounts.scopes import SCOPES
from kotowari.kernel.gates import ACTIONS

SUBJECTS = ("sign-ins", "gates", "jobs", "contracts", "money", "name", "papers", "threads", "tickets", "status")


def docs(request: HttpRequest, document: dict[str, Any]) -> HttpResponse:
    """The OpenAPI document for people, in the frame of the site."""
    calls = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "description": operation.get("description", ""),
            "subject": operation["tags"][0],
            "action": ACTIONS[operation["x-action"]],
            "scope": operation["x-scope"],
            "parameters": [p for p in operation.get("parameters", []) if p["in"] != "header"],
            "takes": _fields_of(_body_of(operation), document),
            "gives": _fields_of(_answer_of(operation), document),
        }
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    groups = {subject: [c for c in calls if c["subject"] == subject] for subject in SUBJECTS}
    page = loader.get_template("api/docs.html").render({"groups": groups, "scopes": SCOPES}, request)
    return HttpResponse(page)


def _body_of(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


def _answer_of(operation: dict[str, Any]) -> dict[str, Any]:
    for status in ("200", "201"):
        if status in operation["responses"]:
            content = operation["responses"][status].get("content", {})
            schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
            return schema
    return {}


def _fields_of(schema: dict[str, Any], document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each field; a list is told by its items."""
    schema = schema.get("items", schema)
    name = schema.get("$ref", "").rpartition("/")[2]
    shape = document["components"]["schemas"].get(name, schema)
    return [(field, _type_of(spec), spec.get("description", "")) for field, spec in shape.get("properties", {}).items()]


def _type_of(spec: dict[str, Any]) -> str:
    if "anyOf" in spec:
        return " | ".join(_type_of(each) for each in spec["anyOf"])
    if "$ref" in spec:
        return str(spec["$ref"]).rpartition("/")[2]
    if spec.get("type") == "array":
        return f"[{_type_of(spec.get('items', {}))}]"
    return " ".join(filter(None, [spec.get("type", ""), spec.get("format", "")])) or "any"
