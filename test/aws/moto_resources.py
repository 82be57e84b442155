"""CloudFormation's resources, made as CloudFormation makes them: by calls to the API of their service.

moto's own CloudFormation knows few types, drops properties without a word and skips types that it does not know. Here
each type is a row of a table (moto_types/*.py): the call that makes it, what Ref and Fn::GetAtt answer, and the call
that removes it. Properties become the parameters of the call by the service's own description in botocore, so what
DescribeDBClusters shows is what the template made. A type without a row, a property without a parameter that nobody
declared as left out, an attribute without a row: the stack fails and says which.

Types of services that moto has no backend for are stand-ins: their properties are kept, Ref and Fn::GetAtt answer in
the right form, and GET /moto-api/stand-ins lists them, by account, region and physical id.
"""

import copy
import json
import re
import sys
import threading
from dataclasses import dataclass, field
from typing import Any, Callable

import boto3
import jmespath
from botocore.config import Config
from moto.cloudformation.exceptions import ValidationError
from moto.core.common_models import CloudFormationModel


@dataclass(frozen=True)
class Kind:
    """How one type is made. Expressions are JMESPath over id, name, properties, request, answer, account, region."""

    type: str
    service: str = ""
    create: str | Callable[[dict], str] = ""
    ref: str = "id"
    attributes: dict[str, str] = field(default_factory=dict)
    # The property that CloudFormation makes a name for where the template has none, and how long it may be.
    name: str | None = None
    name_length: int = 63
    # Properties whose parameter has another name, and parameters that are no property.
    rename: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    # Properties that other calls take care of, or that moto has no place for.
    apart: tuple[str, ...] = ()
    unbacked: tuple[str, ...] = ()
    # Types of the same template that CloudFormation makes first, unasked.
    follows: tuple[str, ...] = ()
    prepare: Callable[["Resource", dict], dict] | None = None
    after: Callable[["Resource", dict], None] | None = None
    # A call that takes the new properties; "replace" makes another one. What has neither cannot be changed here.
    update: str | None = None
    remove: str | Callable[["Resource"], None] | None = None
    keys: dict[str, str] = field(default_factory=dict)


kinds: dict[str, Kind] = {}
stand_ins: dict[int, "Resource"] = {}
clients: dict[tuple[str, str, str], Any] = {}
client_lock = threading.RLock()
DEFAULT_ACCOUNT = "123456789012"


def client(service: str, account: str, region: str) -> Any:
    """A client of this emulator for an account: that of credentials which are a role's in it."""
    with client_lock:
        key = (service, account, region)
        if key not in clients:
            secret = {"aws_access_key_id": "emulator", "aws_secret_access_key": "emulator"}
            if account != DEFAULT_ACCOUNT:
                role = f"arn:aws:iam::{account}:role/cloudformation"
                made = client("sts", DEFAULT_ACCOUNT, region).assume_role(RoleArn=role, RoleSessionName="cloudformation")
                secret = {
                    "aws_access_key_id": made["Credentials"]["AccessKeyId"],
                    "aws_secret_access_key": made["Credentials"]["SecretAccessKey"],
                    "aws_session_token": made["Credentials"]["SessionToken"],
                }
            port = sys.argv[sys.argv.index("-p") + 1]
            clients[key] = boto3.client(
                service, region_name=region, endpoint_url=f"http://127.0.0.1:{port}",
                config=Config(retries={"total_max_attempts": 1}, read_timeout=60, parameter_validation=False), **secret,
            )
        return clients[key]


class Resource:
    """One resource of a stack."""

    def __init__(self, kind: Kind, name: str, logical_id: str, account: str, region: str, policy: str | None):
        self.kind = kind
        self.name = name
        self.logical_id = logical_id
        self.account = account
        self.region = region
        self.deletion_policy = policy
        self.physical_resource_id = ""
        self.properties: dict[str, Any] = {}
        self.scope: dict[str, Any] = {}

    def call(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        return getattr(client(service, self.account, self.region), operation)(**parameters)

    def find(self, expression: str) -> Any:
        found = jmespath.search(expression, self.scope)
        if found is None:
            raise ValidationError(message=f"{self.kind.type} {self.logical_id}: nothing at {expression}")
        return found

    def make(self, properties: dict[str, Any]) -> None:
        kind = self.kind
        self.properties = properties
        place = {"account": self.account, "region": self.region, "partition": "aws", "name": self.name}
        self.scope = {**place, "properties": properties, "request": {}, "answer": {}}
        if kind.service == "":
            self.scope["id"] = self.name
            stand_ins[id(self)] = self
        else:
            operation = kind.create(properties) if callable(kind.create) else kind.create
            request = self.request_of(operation, properties)
            answer = self.call(kind.service, operation, **request)
            self.scope |= {"request": request, "answer": answer}
        self.physical_resource_id = str(self.find(kind.ref))
        self.scope["id"] = self.physical_resource_id
        if kind.after is not None:
            kind.after(self, properties)

    def request_of(self, operation: str, properties: dict[str, Any], unchanged: set[str] = frozenset()) -> dict:
        """The parameters of a call: properties by their names, whatever way those are written.

        A property that stays as it was may have no place in the call.
        """
        kind = self.kind
        given = copy.deepcopy(properties)
        values = {kind.rename.get(key, key): value for key, value in given.items() if key not in kind.apart}
        for key in kind.unbacked:
            values.pop(key, None)
        if kind.name is not None:
            values.setdefault(kind.rename.get(kind.name, kind.name), self.name)
        values |= {parameter: self.find(expression) for parameter, expression in kind.fixed.items()}
        if kind.prepare is not None:
            values = kind.prepare(self, values)
        if kind.service == "ec2":
            values.pop("Tags", None)
        members = {plain(name) for name in operation_members(self, operation)}
        values = {key: one for key, one in values.items() if key not in unchanged or plain(key) in members}
        return to_shape(operation_shape(self, operation), values, f"{kind.type}.")

    def change(self, properties: dict[str, Any]) -> None:
        """Brings what is there to other properties; raises where AWS would and where the table has no way."""
        update = self.kind.update
        if update is None:
            raise ValidationError(message=f"the emulator has no update of {self.kind.type} ({self.logical_id})")
        same = {key for key, value in properties.items() if self.properties.get(key) == value}
        unchanged = {self.kind.rename.get(key, key) for key in same | {self.kind.name} if key is not None}
        self.properties = properties
        self.scope["properties"] = properties
        request = self.request_of(update, properties, unchanged) | self.identity()
        self.call(self.kind.service, update, **request)
        if self.kind.after is not None:
            self.kind.after(self, properties)

    def identity(self) -> dict[str, Any]:
        return {parameter: self.find(expression) for parameter, expression in self.kind.keys.items()}

    def get_cfn_attribute(self, attribute: str) -> Any:
        expression = self.kind.attributes.get(attribute)
        if expression is None:
            raise ValidationError(message=f"the emulator has no attribute {attribute} of {self.kind.type}")
        return self.find(expression)

    def delete(self, account_id: str = "", region_name: str = "") -> None:
        remove = self.kind.remove
        stand_ins.pop(id(self), None)
        if callable(remove):
            remove(self)
        elif remove is not None:
            self.call(self.kind.service, remove, **self.identity())

    def is_created(self) -> bool:
        return True


def operation_shape(resource: Resource, operation: str) -> Any:
    meta = client(resource.kind.service, resource.account, resource.region).meta
    return meta.service_model.operation_model(meta.method_to_api_mapping[operation]).input_shape


def operation_members(resource: Resource, operation: str) -> set[str]:
    return set(operation_shape(resource, operation).members)


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def to_shape(shape: Any, value: Any, path: str) -> Any:
    """A value of a template as the API's description of a parameter wants it."""
    if shape.type_name == "structure":
        if isinstance(value, list) and "Items" in shape.members:
            value = {"Quantity": len(value), "Items": value}
        if not isinstance(value, dict):
            raise ValidationError(message=f"{path} is to be a structure")
        members = {plain(name): name for name in shape.members}
        unknown = [key for key in value if plain(key) not in members]
        if unknown:
            raise ValidationError(message=f"the emulator has no place for {path}{unknown[0]}")
        return {
            members[plain(key)]: to_shape(shape.members[members[plain(key)]], one, f"{path}{key}.")
            for key, one in value.items()
            if one is not None
        }
    if shape.type_name == "list":
        if isinstance(value, dict):
            value = [{"Key": key, "Value": one} for key, one in value.items()]
        member = shape.member
        if member.type_name == "structure" and "TagKey" in member.members:
            value = [{"TagKey": one["Key"], "TagValue": one["Value"]} for one in value]
        # A list that is one text is the text of a list: what a parameter of the type List holds.
        return [to_shape(member, one, path) for one in (value if isinstance(value, list) else value.split(","))]
    if shape.type_name == "map":
        if isinstance(value, list):
            value = {one["Key"]: one["Value"] for one in value}
        return {key: to_shape(shape.value, one, f"{path}{key}.") for key, one in value.items()}
    return to_scalar(shape.type_name, value)


def to_scalar(type_name: str, value: Any) -> Any:
    if type_name in ("integer", "long"):
        return int(value)
    if type_name in ("float", "double"):
        return float(value)
    if type_name == "boolean":
        return value in (True, "true")
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    if type_name == "blob":
        return str(value).encode()
    return str(value).lower() if isinstance(value, bool) else str(value)


REFERENCE = re.compile(r"\{\{resolve:secretsmanager:(.+?):SecretString(?::([^:}]*))?[^}]*\}\}")


def resolved(value: Any, account: str, region: str) -> Any:
    """Without the references to secrets: what a service is handed instead of them."""
    if isinstance(value, dict):
        return {key: resolved(one, account, region) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [resolved(one, account, region) for one in value if one is not None]
    if not isinstance(value, str) or "{{resolve:" not in value:
        return value

    def text(match: re.Match) -> str:
        secret = client("secretsmanager", account, region).get_secret_value(SecretId=match[1])["SecretString"]
        return json.loads(secret)[match[2]] if match[2] else secret

    return REFERENCE.sub(text, value)


def register(*rows: Kind) -> None:
    for kind in rows:
        kinds[kind.type] = kind
        model(kind)


def stand_in(type_name: str, ref: str = "name", name: str | None = None, **attributes: str) -> Kind:
    return Kind(type_name, ref=ref, name=name, attributes=attributes, update="replace")


def model(kind: Kind) -> type:
    """moto finds types among the direct subclasses of its own model; the last of a type counts."""

    def create(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        given = cloudformation_json.get("Properties") or {}
        name = given.get(kind.name) if kind.name else None
        if name is None:
            name = resource_name if len(resource_name) <= kind.name_length else (
                resource_name[: kind.name_length - 13].rstrip("-") + resource_name[-13:]
            )
        made = cls(kind, name, kwargs["LogicalId"], account_id, region_name, cloudformation_json.get("DeletionPolicy"))
        made.make(resolved(given, account_id, region_name))
        return made

    def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        properties = resolved(cloudformation_json.get("Properties") or {}, account_id, region_name)
        if properties == original_resource.properties:
            return original_resource
        if kind.update != "replace":
            original_resource.change(properties)
            return original_resource
        # The new one first, except where both would have the same name.
        is_kept = cloudformation_json.get("UpdateReplacePolicy") == "Retain"
        is_in_the_way = properties.get(kind.name) == original_resource.name
        if is_in_the_way:
            original_resource.delete()
        made = create(
            cls, new_resource_name, cloudformation_json, account_id, region_name,
            LogicalId=original_resource.logical_id,
        )
        if not is_in_the_way and not is_kept:
            original_resource.delete()
        return made

    members = {
        "cloudformation_type": staticmethod(lambda: kind.type),
        "cloudformation_name_type": staticmethod(lambda: ""),
        "has_cfn_attr": classmethod(lambda cls, attribute: attribute in kind.attributes),
        "create_from_cloudformation_json": classmethod(create),
        "update_from_cloudformation_json": classmethod(update),
    }
    return type(kind.type.replace("::", ""), (Resource, CloudFormationModel), members)
