#!/usr/bin/env python3
"""What `cargo bench` measures, done by a script and templates: render.py GATEWAY.yaml FOLDER.

Reads the gateway and its documents, prepares and minifies those, and renders the policies, the APIs and the backends of both targets:
most of what Gatewright writes, byte for byte the same, for gateways as benches/generate/input.rs makes them. It checks nothing.
"""

import json
import pathlib
import sys

import jinja2
import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HERE = pathlib.Path(__file__).parent
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def operation_id(text):
    return text.lower().replace(" ", "-")


def definition(path):
    """A document as it is imported: without servers, with operation ids in lower case and no required api-version."""
    text = path.read_text()
    root = json.loads(text) if path.suffix == ".json" else yaml.load(text, LOADER)
    for where in ["servers", "host", "basePath", "schemes"]:
        root.pop(where, None)
    for item in root.get("paths", {}).values():
        for method, operation in item.items():
            if method in METHODS:
                operation["operationId"] = operation_id(operation["operationId"])
    for link in root.get("components", {}).get("links", {}).values():
        link["operationId"] = operation_id(link["operationId"])
    for parameter in root.get("components", {}).get("parameters", {}).values():
        if parameter.get("name") == "api-version":
            parameter.pop("required", None)
    return json.dumps(root, separators=(",", ":"), ensure_ascii=False), "swagger" in root


def main(gateway, out):
    model = yaml.load(gateway.read_text(), LOADER)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        variable_start_string="[[", variable_end_string="]]",
        block_start_string="[%", block_end_string="%]",
        keep_trailing_newline=True,
    )
    # Gatewright has it built in, too.
    builtin = json.dumps(json.loads((HERE / "../../templates/definitions/azure-openai.json").read_text()),
                         separators=(",", ":"), ensure_ascii=False)

    pools = model["pools"]
    breakers, trips = [], {}
    for name in sorted(pools):
        members = [member["backend"] for member in pools[name]["members"]]
        known = next((trips[member] for member in members if member in trips), None)
        if known is None:
            breakers.append(known := name)
        for member in members:
            trips.setdefault(member, known)
    backends = []
    for name in sorted([*model["backends"], *pools]):
        if name in pools:
            members = [member["backend"] for member in pools[name]["members"]]
            backends.append({"name": name, "kind": "pool", "members": members})
        else:
            kind = "http" if model["backends"][name]["kind"] == "http" else "account"
            backends.append({"name": name, "kind": kind, "breaker": trips.get(name)})
    kinds = {backend["name"]: backend["kind"] for backend in backends}

    files, apis = {}, []
    for name in sorted(model["apis"]):
        api = model["apis"][name]
        if "models" in api:
            models = list(api["models"])
            pool, backend = api["models"].values()
            policy = environment.get_template("by_model.xml.j2").render(models=models, pool=pool, backend=backend)
            needs = [f"azapi_resource.backend_{backend}", f"azapi_resource.pool_{pool}"]
        else:
            backend = api["target"]
            policy = environment.get_template(f"{kinds[backend]}.xml.j2").render(backend=backend)
            needs = [f"azapi_resource.backend_{backend}"]
        is_http = kinds[backend] == "http"
        if not is_http:
            needs.append("azurerm_role_assignment.cognitive_services_openai_user")
        text, is_swagger = builtin, False
        if "definition" in api:
            text, is_swagger = definition(gateway.parent / api["definition"]["file"])
        for target in ["bicep", "terraform"]:
            files[f"{target}/policies/api-{name}.xml"] = policy
            files[f"{target}/specs/api-{name}.json"] = text + "\n"
        key = "Ocp-Apim-Subscription-Key" if is_http else "api-key"
        apis.append({"name": name, "path": api["path"], "callers": api["subscriptions"], "key": key, "needs": needs,
                     "format": "swagger-json" if is_swagger else "openapi+json"})
    context = {
        "apis": apis, "backends": backends, "breakers": breakers,
        "accounts": [name for name in sorted(kinds) if kinds[name] == "account"],
        "hosts": [name for name in sorted(kinds) if kinds[name] == "http"],
    }
    for path in ["bicep/modules/apis.bicep", "bicep/modules/backends.bicep", "terraform/apis.tf", "terraform/backends.tf"]:
        template = environment.get_template(path.rsplit("/", 1)[1] + ".j2")
        files[path] = template.render(context)
    for path, text in files.items():
        path = out / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
