"""How a template becomes resources, where moto's own way differs from what CloudFormation does.

A resource waits for what it depends on, a type that nobody knows fails the stack, what refers to something that was
replaced is changed as well, and deletion goes backwards through the order of creation and keeps what is to be kept.
"""

import json
from contextlib import contextmanager

from moto.cloudformation import models, parsing
from moto.cloudformation.exceptions import ValidationError
import moto_types.compute, moto_types.data, moto_types.edge, moto_types.identity  # noqa: E401, F401
import moto_types.network, moto_types.operations  # noqa: E401, F401
from moto_resources import Resource, kinds, stand_ins

moto_create = parsing.parse_and_create_resource
moto_update = parsing.ResourceMap.update


def create_resource(logical_id, resource_json, resources_map, account_id, region_name):
    wanted = resource_json.get("DependsOn") or []
    for other in [wanted] if isinstance(wanted, str) else wanted:
        resources_map[other]
    kind = kinds.get(resource_json["Type"])
    for other, other_json in resources_map._resource_json_map.items():
        if kind is not None and other_json["Type"] in kind.follows:
            resources_map[other]
    if parsing.resource_class_from_type(resource_json["Type"]) is None:
        raise ValidationError(message=f"the emulator does not know the type {resource_json['Type']} ({logical_id})")
    with named(logical_id):
        return moto_create(logical_id, resource_json, resources_map, account_id, region_name)


@contextmanager
def named(logical_id):
    """A failure says whose it is: the innermost one's, for which others waited."""
    try:
        yield
    except Exception as problem:
        problem.logical_id = getattr(problem, "logical_id", logical_id)
        raise


def update(self, template, parameters=None):
    moto_update(self, template, parameters)
    # What refers to something that is another one by now: moto compares templates and does not see it.
    for logical_id in list(self._parsed_resources):
        resource = self._parsed_resources[logical_id]
        if isinstance(resource, Resource) and logical_id in self._resource_json_map:
            with named(logical_id):
                self._parsed_resources[logical_id] = parsing.parse_and_update_resource(
                    logical_id, self._resource_json_map[logical_id], self, self._account_id, self._region_name
                )


def delete(self):
    """Against the order of creation, which a dictionary keeps."""
    for logical_id in reversed(list(self._parsed_resources)):
        resource_json = self._resource_json_map.get(logical_id)
        if resource_json is None:
            continue
        if resource_json.get("DeletionPolicy") not in ("Retain", "RetainExceptOnCreate"):
            self._delete_resource(self._parsed_resources[logical_id], resource_json)
        self._parsed_resources.pop(logical_id)


def list_stand_ins(request, full_url, headers):
    rows = [
        {
            "type": one.kind.type, "account": one.account, "region": one.region, "id": one.physical_resource_id,
            "properties": one.properties,
        }
        for one in list(stand_ins.values())
    ]
    return 200, {"Content-Type": "application/json"}, json.dumps(rows)


def parse_template(self):
    # What is deployed here is JSON, which moto reads as YAML: seconds for a template of 100 kB.
    self.template_dict = json.loads(self.template)


def install():
    from moto.moto_api._internal.urls import url_paths

    url_paths["{0}/moto-api/stand-ins$"] = list_stand_ins
    parsing.parse_and_create_resource = create_resource
    parsing.ResourceMap.update = update
    parsing.ResourceMap.delete = delete
    models.ChangeSet._parse_template = parse_template
