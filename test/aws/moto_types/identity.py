"""Roles, keys, secrets and values of Parameter Store."""

import json
import os

from moto.iam.policy_validation import VALID_RESOURCE_PATH_STARTING_VALUES
from moto.secretsmanager.models import secretsmanager_backends
from moto_resources import Kind, register

# moto has the policies that AWS writes only where it is asked to.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

# AWS takes "arn:aws:iam::*:*", as its own message says.
VALID_RESOURCE_PATH_STARTING_VALUES["iam"]["values"].append("*")


def document(value):
    return value if isinstance(value, str) else json.dumps(value)


def policies(kind):
    """What a role or a group may do, by calls that differ in its name alone."""

    def put(resource, properties):
        name = {f"{kind.capitalize()}Name": resource.physical_resource_id}
        for policy in properties.get("Policies", []):
            text = document(policy["PolicyDocument"])
            resource.call("iam", f"put_{kind}_policy", **name, PolicyName=policy["PolicyName"], PolicyDocument=text)
        for arn in properties.get("ManagedPolicyArns", []):
            resource.call("iam", f"attach_{kind}_policy", **name, PolicyArn=arn)

    return put


def remove_with_policies(kind):
    def remove(resource):
        name = {f"{kind.capitalize()}Name": resource.physical_resource_id}
        for policy in resource.call("iam", f"list_{kind}_policies", **name)["PolicyNames"]:
            resource.call("iam", f"delete_{kind}_policy", **name, PolicyName=policy)
        for policy in resource.call("iam", f"list_attached_{kind}_policies", **name)["AttachedPolicies"]:
            resource.call("iam", f"detach_{kind}_policy", **name, PolicyArn=policy["PolicyArn"])
        resource.call("iam", f"delete_{kind}", **name)

    return remove


def rotation_of_key(resource, properties):
    if properties.get("EnableKeyRotation") in (True, "true"):
        period = {"RotationPeriodInDays": int(properties.get("RotationPeriodInDays", 365))}
        resource.call("kms", "enable_key_rotation", KeyId=resource.physical_resource_id, **period)


def remove_key(resource):
    days = int(resource.properties.get("PendingWindowInDays", 30))
    resource.call(
        "kms", "schedule_key_deletion", KeyId=resource.physical_resource_id, PendingWindowInDays=days
    )


def generated(resource, values):
    """The text of a new secret, as CloudFormation makes it."""
    wanted = values.pop("GenerateSecretString", None)
    if wanted is None:
        return values
    rules = {key: one for key, one in wanted.items() if key not in ("GenerateStringKey", "SecretStringTemplate")}
    if "PasswordLength" in rules:
        rules["PasswordLength"] = int(rules["PasswordLength"])
    password = resource.call("secretsmanager", "get_random_password", **rules)["RandomPassword"]
    if "GenerateStringKey" in wanted:
        content = json.loads(wanted["SecretStringTemplate"]) | {wanted["GenerateStringKey"]: password}
        values["SecretString"] = json.dumps(content)
    else:
        values["SecretString"] = password
    return values


def remove_secret(resource):
    secret = resource.physical_resource_id
    regions = [one["Region"] for one in resource.properties.get("ReplicaRegions", [])]
    if regions:
        resource.call(
            "secretsmanager", "remove_regions_from_replication", SecretId=secret, RemoveReplicaRegions=regions
        )
    resource.call("secretsmanager", "delete_secret", SecretId=secret, ForceDeleteWithoutRecovery=True)


def rotation(resource, values):
    rules = {key: int(one) if one.isdigit() else one for key, one in texts(values["RotationRules"]).items()}
    return {"SecretId": values["SecretId"], "RotationRules": rules, "RotateImmediately": False}


def texts(value):
    return {key: str(one) for key, one in value.items()}


def rotating_function(resource, properties):
    """The function is not run: the one that the template names, or that AWS's transform makes, is written down."""
    hosted = properties.get("HostedRotationLambda")
    arn = properties.get("RotationLambdaARN") or (
        f"arn:aws:lambda:{resource.region}:{resource.account}:function:{hosted['RotationLambdaName']}"
    )
    secrets = secretsmanager_backends[resource.account][resource.region].secrets
    secrets[properties["SecretId"]].rotation_lambda_arn = arn


def attach(resource, properties):
    """Where the database is, in its secret: what an attachment adds."""
    target, kind = properties["TargetId"], properties["TargetType"]
    service = "docdb" if "::DocDB::" in kind else "rds"
    if kind.endswith("Cluster"):
        found = resource.call("rds", "describe_db_clusters", DBClusterIdentifier=target)["DBClusters"][0]
        where = {"host": found["Endpoint"], "port": found["Port"], "dbClusterIdentifier": target}
    else:
        found = resource.call("rds", "describe_db_instances", DBInstanceIdentifier=target)["DBInstances"][0]
        address = found["Endpoint"]
        where = {"host": address["Address"], "port": address["Port"], "dbInstanceIdentifier": target}
    engine = "mongo" if service == "docdb" else ("postgres" if "postgres" in found["Engine"] else found["Engine"])
    secret = properties["SecretId"]
    content = json.loads(resource.call("secretsmanager", "get_secret_value", SecretId=secret)["SecretString"])
    name = {"dbname": found["DatabaseName"]} if found.get("DatabaseName") else {}
    text = json.dumps(content | {"engine": engine} | where | name)
    resource.call("secretsmanager", "put_secret_value", SecretId=secret, SecretString=text)


def parameter_tags(resource, values):
    tags = values.pop("Tags", {})
    if not resource.physical_resource_id:
        return values | {"Tags": [{"Key": key, "Value": one} for key, one in tags.items()]}
    return values | {"Overwrite": True}


register(
    Kind("AWS::IAM::Role", "iam", "create_role", "answer.Role.RoleName", name="RoleName", name_length=64,
         attributes={"Arn": "answer.Role.Arn", "RoleId": "answer.Role.RoleId"},
         apart=("Policies", "ManagedPolicyArns"), after=policies("role"), update="update_role",
         remove=remove_with_policies("role"), keys={"RoleName": "id"}),
    Kind("AWS::IAM::Group", "iam", "create_group", "answer.Group.GroupName", name="GroupName", name_length=128,
         attributes={"Arn": "answer.Group.Arn"}, apart=("Policies", "ManagedPolicyArns"), after=policies("group"),
         remove=remove_with_policies("group")),
    Kind("AWS::IAM::ManagedPolicy", "iam", "create_policy", "answer.Policy.Arn", name="ManagedPolicyName",
         name_length=128, rename={"ManagedPolicyName": "PolicyName"}, attributes={"PolicyArn": "id"},
         remove="delete_policy", keys={"PolicyArn": "id"}),
    Kind("AWS::IAM::OIDCProvider", "iam", "create_open_id_connect_provider", "answer.OpenIDConnectProviderArn",
         attributes={"Arn": "id"}, remove="delete_open_id_connect_provider", keys={"OpenIDConnectProviderArn": "id"}),
    Kind("AWS::KMS::Key", "kms", "create_key", "answer.KeyMetadata.KeyId",
         attributes={"Arn": "answer.KeyMetadata.Arn", "KeyId": "id"}, rename={"KeyPolicy": "Policy"},
         apart=("EnableKeyRotation", "RotationPeriodInDays", "PendingWindowInDays"), after=rotation_of_key,
         remove=remove_key),
    Kind("AWS::KMS::Alias", "kms", "create_alias", "request.AliasName", remove="delete_alias", update="update_alias",
         keys={"AliasName": "id"}),
    Kind("AWS::SecretsManager::Secret", "secretsmanager", "create_secret", "answer.ARN", name="Name",
         name_length=256, attributes={"Id": "id"}, rename={"ReplicaRegions": "AddReplicaRegions"}, prepare=generated,
         remove=remove_secret),
    Kind("AWS::SecretsManager::RotationSchedule", "secretsmanager", "rotate_secret", "request.SecretId",
         prepare=rotation, after=rotating_function, remove="cancel_rotate_secret", keys={"SecretId": "id"}),
    Kind("AWS::SecretsManager::SecretTargetAttachment", "secretsmanager", "describe_secret", "request.SecretId",
         apart=("TargetId", "TargetType"), after=attach),
    Kind("AWS::SSM::Parameter", "ssm", "put_parameter", "request.Name", name="Name", name_length=1000,
         attributes={"Type": "request.Type", "Value": "request.Value"}, prepare=parameter_tags,
         update="put_parameter", remove="delete_parameter", keys={"Name": "id"}),
)
