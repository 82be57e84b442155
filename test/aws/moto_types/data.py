"""Databases, caches, buckets."""

import json
from fnmatch import fnmatchcase

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.rds.models import DBCluster, DBInstance
from moto.rds.utils import ClusterEngine, DbInstanceEngine
from moto.s3.models import LOGGING_SERVICE_PRINCIPAL, FakeBucket
from moto_resources import Kind, operation_members, operation_shape, plain, register, stand_in, to_shape


def as_neptune(function):
    """What moto knows of Neptune stands for DocumentDB: both are clusters behind the API of RDS."""
    return staticmethod(lambda engine, *more, **named: function(
        "neptune" if engine == "docdb" else engine, *more, **named
    ))


for database_model in (DBCluster, DBInstance):
    for rule in ("default_engine_version", "default_port", "default_allocated_storage"):
        if hasattr(database_model, rule):
            setattr(database_model, rule, as_neptune(getattr(database_model, rule)))
moto_update = DBInstance.update


def update_instance(self, **values):
    """A replica is of its own region before its subnets are looked for."""
    self.backend = values.get("backend", self.backend)
    moto_update(self, **values)


DBInstance.update = update_instance
cluster_engines, instance_engines = ClusterEngine.list_cluster_engines(), DbInstanceEngine.valid_db_instance_engine()
ClusterEngine.list_cluster_engines = staticmethod(lambda: [*cluster_engines, "docdb"])
DbInstanceEngine.valid_db_instance_engine = staticmethod(lambda: [*instance_engines, "docdb"])


def lower(*names):
    """RDS writes names in lower case."""

    def change(resource, values):
        return {key: one.lower() if key in names and isinstance(one, str) else one for key, one in values.items()}

    return change


def parameters_of(operation, key):
    def put(resource, properties):
        values = [
            {"ParameterName": name, "ParameterValue": str(one), "ApplyMethod": "pending-reboot"}
            for name, one in properties.get("Parameters", {}).items()
        ]
        if values:
            resource.call("rds", operation, **{key: resource.physical_resource_id}, Parameters=values)

    return put


def engine(name):
    return lambda resource, values: {"Engine": name, **values}


def instance(resource, values):
    values = lower("DBInstanceIdentifier")(resource, values)
    if "DBClusterIdentifier" in values:
        # What an instance of a cluster has from its cluster.
        found = resource.call("rds", "describe_db_clusters", DBClusterIdentifier=values["DBClusterIdentifier"])
        values.setdefault("Engine", found["DBClusters"][0]["Engine"])
        values.setdefault("EngineVersion", found["DBClusters"][0]["EngineVersion"])
    if "SourceDBInstanceIdentifier" in values:
        # What the call for a replica has no parameter for is changed once the replica is there.
        members = {plain(name) for name in operation_members(resource, "create_db_instance_read_replica")}
        resource.scope["later"] = {key: one for key, one in values.items() if plain(key) not in members}
        return {key: one for key, one in values.items() if plain(key) in members}
    return values


def change_replica(resource, properties):
    later = resource.scope.pop("later", {})
    if later:
        shape = to_shape(operation_shape(resource, "modify_db_instance"), later, "AWS::RDS::DBInstance.")
        resource.call("rds", "modify_db_instance", DBInstanceIdentifier=resource.physical_resource_id, **shape)


def instance_call(properties):
    """An instance with a source is a read replica: another call, whose answer looks the same."""
    return "create_db_instance_read_replica" if "SourceDBInstanceIdentifier" in properties else "create_db_instance"


def remove_cluster(resource):
    snapshot = {"SkipFinalSnapshot": True}
    if resource.deletion_policy == "Snapshot":
        snapshot = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": f"{resource.physical_resource_id}-final"}
    resource.call("rds", "delete_db_cluster", DBClusterIdentifier=resource.physical_resource_id, **snapshot)


def remove_instance(resource):
    snapshot = {"SkipFinalSnapshot": True}
    if resource.deletion_policy == "Snapshot":
        snapshot = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": f"{resource.physical_resource_id}-final"}
    resource.call("rds", "delete_db_instance", DBInstanceIdentifier=resource.physical_resource_id, **snapshot)


CLUSTER = {
    "DBClusterArn": "answer.DBCluster.DBClusterArn",
    "DBClusterResourceId": "answer.DBCluster.DbClusterResourceId",
    "ClusterResourceId": "answer.DBCluster.DbClusterResourceId",
    "Endpoint.Address": "answer.DBCluster.Endpoint",
    "Endpoint.Port": "to_string(answer.DBCluster.Port)",
    "ReadEndpoint.Address": "answer.DBCluster.ReaderEndpoint",
    "Endpoint": "answer.DBCluster.Endpoint",
    "ReadEndpoint": "answer.DBCluster.ReaderEndpoint",
    "Port": "to_string(answer.DBCluster.Port)",
}
INSTANCE = {
    "DBInstanceArn": "answer.DBInstance.DBInstanceArn",
    "DbiResourceId": "answer.DBInstance.DbiResourceId",
    "Endpoint.Address": "answer.DBInstance.Endpoint.Address",
    "Endpoint.Port": "to_string(answer.DBInstance.Endpoint.Port)",
}


def database(type_name, create, ref, **more):
    return Kind(type_name, "rds", create, ref, **more)


def cluster(type_name, prepare):
    return database(
        type_name, "create_db_cluster", "answer.DBCluster.DBClusterIdentifier", name="DBClusterIdentifier",
        attributes=CLUSTER, prepare=prepare, update="modify_db_cluster", remove=remove_cluster,
        keys={"DBClusterIdentifier": "id"}, apart=("DeleteAutomatedBackups",),
    )


def cluster_parameters(type_name):
    return database(
        type_name, "create_db_cluster_parameter_group", "answer.DBClusterParameterGroup.DBClusterParameterGroupName",
        name="DBClusterParameterGroupName", name_length=255, rename={"Family": "DBParameterGroupFamily"},
        apart=("Parameters",), prepare=lower("DBClusterParameterGroupName"), remove="delete_db_cluster_parameter_group",
        after=parameters_of("modify_db_cluster_parameter_group", "DBClusterParameterGroupName"),
        keys={"DBClusterParameterGroupName": "id"},
    )


def subnets(type_name):
    return database(
        type_name, "create_db_subnet_group", "answer.DBSubnetGroup.DBSubnetGroupName", name="DBSubnetGroupName",
        name_length=255, prepare=lower("DBSubnetGroupName"), remove="delete_db_subnet_group",
        keys={"DBSubnetGroupName": "id"},
    )


register(
    cluster("AWS::RDS::DBCluster", lower("DBClusterIdentifier")),
    cluster("AWS::DocDB::DBCluster", engine("docdb")),
    cluster_parameters("AWS::RDS::DBClusterParameterGroup"),
    cluster_parameters("AWS::DocDB::DBClusterParameterGroup"),
    subnets("AWS::RDS::DBSubnetGroup"),
    subnets("AWS::DocDB::DBSubnetGroup"),
    database("AWS::RDS::DBParameterGroup", "create_db_parameter_group",
             "answer.DBParameterGroup.DBParameterGroupName", name="DBParameterGroupName", name_length=255,
             rename={"Family": "DBParameterGroupFamily"}, apart=("Parameters",),
             prepare=lower("DBParameterGroupName"), remove="delete_db_parameter_group",
             after=parameters_of("modify_db_parameter_group", "DBParameterGroupName"),
             keys={"DBParameterGroupName": "id"}),
    database("AWS::RDS::DBInstance", instance_call, "answer.DBInstance.DBInstanceIdentifier",
             name="DBInstanceIdentifier", attributes=INSTANCE, prepare=instance, apart=("DeleteAutomatedBackups",),
             after=change_replica, rename={"VPCSecurityGroups": "VpcSecurityGroupIds"}, update="modify_db_instance", remove=remove_instance,
             keys={"DBInstanceIdentifier": "id"}),
    database("AWS::DocDB::DBInstance", "create_db_instance", "answer.DBInstance.DBInstanceIdentifier",
             name="DBInstanceIdentifier", attributes=INSTANCE, prepare=instance, update="modify_db_instance",
             remove=remove_instance, keys={"DBInstanceIdentifier": "id"}),
    database("AWS::DocDB::GlobalCluster", "create_global_cluster", "answer.GlobalCluster.GlobalClusterIdentifier",
             unbacked=("Tags",), remove="delete_global_cluster", keys={"GlobalClusterIdentifier": "id"}),
)

register(
    Kind("AWS::DynamoDB::Table", "dynamodb", "create_table", "answer.TableDescription.TableName", name="TableName",
         name_length=255, attributes={"Arn": "answer.TableDescription.TableArn"}, update="replace",
         remove="delete_table", keys={"TableName": "id"}),
)

# --- ElastiCache


def endpoints(resource, properties):
    found = resource.call("elasticache", "describe_replication_groups", ReplicationGroupId=resource.physical_resource_id)
    group = found["ReplicationGroups"][0]
    name = f"{resource.physical_resource_id}.emulator.cache.amazonaws.com"
    # moto has addresses of node groups only where the cluster mode is off.
    primary = (group.get("NodeGroups") or [{}])[0].get("PrimaryEndpoint", {}).get("Address", f"master.{name}")
    reader = (group.get("NodeGroups") or [{}])[0].get("ReaderEndpoint", {}).get("Address", f"replica.{name}")
    configuration = group.get("ConfigurationEndpoint", {}).get("Address", f"clustercfg.{name}")
    resource.scope |= {"primary": primary, "reader": reader, "configuration": configuration}


register(
    Kind("AWS::ElastiCache::SubnetGroup", "elasticache", "create_cache_subnet_group",
         "answer.CacheSubnetGroup.CacheSubnetGroupName", name="CacheSubnetGroupName", name_length=255,
         rename={"Description": "CacheSubnetGroupDescription"}, prepare=lower("CacheSubnetGroupName")),
    stand_in("AWS::ElastiCache::ParameterGroup"),
    Kind("AWS::ElastiCache::ReplicationGroup", "elasticache", "create_replication_group",
         "answer.ReplicationGroup.ReplicationGroupId", name="ReplicationGroupId", name_length=40,
         attributes={
             "PrimaryEndPoint.Address": "primary", "ReaderEndPoint.Address": "reader",
             "ConfigurationEndPoint.Address": "configuration",
         },
         prepare=lower("ReplicationGroupId"), after=endpoints, update="modify_replication_group",
         remove="delete_replication_group", keys={"ReplicationGroupId": "id"}),
)

# --- S3


def days(rule, name):
    return {"Days": int(rule[name])}


def lifecycle_rule(rule):
    """CloudFormation's flat rule as the API's nested one."""
    made = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    expiration = days(rule, "ExpirationInDays") if "ExpirationInDays" in rule else {}
    if rule.get("ExpiredObjectDeleteMarker") in (True, "true"):
        expiration["ExpiredObjectDeleteMarker"] = True
    if expiration:
        made["Expiration"] = expiration
    if "Transitions" in rule:
        made["Transitions"] = [
            {"StorageClass": one["StorageClass"], "Days": int(one["TransitionInDays"])} for one in rule["Transitions"]
        ]
    for name, key in (("NoncurrentVersionExpiration", "NoncurrentDays"), ("AbortIncompleteMultipartUpload", "DaysAfterInitiation")):
        if name in rule:
            made[name] = {key: int(rule[name][key])}
    known = {"Id", "Status", "Prefix", "ExpirationInDays", "ExpiredObjectDeleteMarker", "Transitions", *made}
    assert set(rule) <= known, f"the emulator has no place for {set(rule) - known} of a lifecycle rule"
    return made


def logging(value):
    return {"LoggingEnabled": {
        "TargetBucket": value["DestinationBucketName"], "TargetPrefix": value.get("LogFilePrefix", ""),
    }}


def encryption(value):
    rules = []
    for rule in value["ServerSideEncryptionConfiguration"]:
        by = rule["ServerSideEncryptionByDefault"]
        key = {"KMSMasterKeyID": by["KMSMasterKeyID"]} if "KMSMasterKeyID" in by else {}
        made = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": by["SSEAlgorithm"], **key}}
        rules.append(made | {"BucketKeyEnabled": rule.get("BucketKeyEnabled") in (True, "true")})
    return {"Rules": rules}


def replication(value):
    return {"Role": value["Role"], "Rules": [{"ID": rule.get("Id", "rule"), **{
        key: one for key, one in rule.items() if key != "Id"
    }} for rule in value["Rules"]]}


# What comes after the bucket: property, operation, parameter, and how the one becomes the other.
BUCKET = (
    ("OwnershipControls", "put_bucket_ownership_controls", "OwnershipControls", lambda value: value),
    ("PublicAccessBlockConfiguration", "put_public_access_block", "PublicAccessBlockConfiguration", lambda value: value),
    ("VersioningConfiguration", "put_bucket_versioning", "VersioningConfiguration", lambda value: value),
    ("BucketEncryption", "put_bucket_encryption", "ServerSideEncryptionConfiguration", encryption),
    ("LifecycleConfiguration", "put_bucket_lifecycle_configuration", "LifecycleConfiguration",
     lambda value: {"Rules": [lifecycle_rule(rule) for rule in value["Rules"]]}),
    ("LoggingConfiguration", "put_bucket_logging", "BucketLoggingStatus", logging),
    ("Tags", "put_bucket_tagging", "Tagging", lambda value: {"TagSet": value}),
    ("ReplicationConfiguration", "put_bucket_replication", "ReplicationConfiguration", replication),
)


def bucket_location(resource, values):
    if resource.region != "us-east-1":
        values["CreateBucketConfiguration"] = {"LocationConstraint": resource.region}
    return {key: one for key, one in values.items() if key in ("BucketName", "Bucket", "CreateBucketConfiguration")}


def bucket_settings(resource, properties):
    for name, operation, parameter, convert in BUCKET:
        if name in properties:
            value = convert(properties[name])
            resource.call("s3", operation, Bucket=resource.physical_resource_id, **{parameter: value})


def bucket_policy(resource, values):
    return {"Bucket": values["Bucket"], "Policy": json.dumps(values["PolicyDocument"])}


register(
    Kind("AWS::S3::Bucket", "s3", "create_bucket", "request.Bucket", name="BucketName", rename={"BucketName": "Bucket"},
         attributes={
             "Arn": "join('', ['arn:aws:s3:::', id])",
             "DomainName": "join('', [id, '.s3.amazonaws.com'])",
             "RegionalDomainName": "join('', [id, '.s3.', region, '.amazonaws.com'])",
         },
         prepare=bucket_location, after=bucket_settings, remove="delete_bucket", keys={"Bucket": "id"}),
    Kind("AWS::S3::BucketPolicy", "s3", "put_bucket_policy", "request.Bucket", prepare=bucket_policy,
         update="put_bucket_policy", remove="delete_bucket_policy", keys={"Bucket": "id"}),
)


def permission_of(self, action, resource):
    """moto takes a statement whose condition nobody checks for one that always holds; here it holds never."""
    if self.policy is None:
        return PermissionResult.NEUTRAL
    statements = [one for one in json.loads(self.policy)["Statement"] if "Condition" not in one]
    if not statements:
        return PermissionResult.NEUTRAL
    return IAMPolicy({"Version": "2012-10-17", "Statement": statements}).is_action_permitted(action, resource)


def may_log(target_bucket, target_prefix):
    """moto knows only the whole bucket and the exact prefix; AWS takes any pattern that fits."""
    wanted = f"arn:aws:s3:::{target_bucket.name}/{target_prefix or ''}x"
    for statement in json.loads(target_bucket.policy or '{"Statement": []}')["Statement"]:
        principal, resources = statement.get("Principal"), statement["Resource"]
        if statement["Effect"] != "Allow" or not isinstance(principal, dict):
            continue
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        patterns = [resources] if isinstance(resources, str) else resources
        if LOGGING_SERVICE_PRINCIPAL in str(principal.get("Service")) and "s3:PutObject" in actions:
            if any(fnmatchcase(wanted, pattern) for pattern in patterns):
                return True
    return False


FakeBucket.get_permission = permission_of
FakeBucket._log_permissions_enabled_policy = staticmethod(may_log)
