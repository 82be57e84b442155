"""Containers, what scales them, and the registry of their images."""

import json

from botocore import xform_name
from moto.ecs.models import ecs_backends
from moto_resources import Kind, register


def remove_service(resource):
    where = {"cluster": resource.find("request.cluster"), "service": resource.physical_resource_id}
    resource.call("ecs", "update_service", **where, desiredCount=0)
    resource.call("ecs", "delete_service", **where, force=True)


def scaling_target(resource, values):
    target = values.pop("ScalingTargetId", None)
    if target is None:
        return values
    resource_id, dimension, namespace = target.split("|")
    return values | {
        "ResourceId": resource_id, "ScalableDimension": dimension, "ServiceNamespace": namespace,
    }


def one_task(resource, values):
    """CloudFormation's default for a new service; for one that is there, the count is left to what scales it."""
    return values if resource.physical_resource_id else {"DesiredCount": 1, **values}


# What moto's service does not keep of the call that makes or changes it.
KEPT = (
    "deploymentConfiguration", "capacityProviderStrategy", "enableExecuteCommand", "availabilityZoneRebalancing",
    "enableECSManagedTags", "healthCheckGracePeriodSeconds",
)


def keep_settings(resource, properties):
    request = resource.request_of("create_service", properties)
    cluster = request["cluster"].split("/")[-1]
    services = ecs_backends[resource.account][resource.region].services
    service = services[f"{cluster}:{resource.find('answer.service.serviceName')}"]
    for name in KEPT:
        if name in request:
            setattr(service, xform_name(name), request[name])


def scale_into_range(resource, properties):
    """What runs less than the least is brought to it, as soon as the range is known."""
    _, cluster, service = properties["ResourceId"].split("/")
    where = {"cluster": cluster}
    found = resource.call("ecs", "describe_services", **where, services=[service])["services"]
    wanted = max(int(properties["MinCapacity"]), min(found[0]["desiredCount"], int(properties["MaxCapacity"])))
    if found[0]["desiredCount"] != wanted:
        resource.call("ecs", "update_service", **where, service=service, desiredCount=wanted)


def repository_rules(resource, properties):
    name = {"repositoryName": resource.physical_resource_id}
    lifecycle = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
    if lifecycle:
        resource.call("ecr", "put_lifecycle_policy", **name, lifecyclePolicyText=lifecycle)
    policy = properties.get("RepositoryPolicyText")
    if policy:
        resource.call("ecr", "set_repository_policy", **name, policyText=json.dumps(policy))


def namespace(resource, properties):
    """The call answers with an operation, which says what it made."""
    operation = resource.find("answer.OperationId")
    done = resource.call("servicediscovery", "get_operation", OperationId=operation)["Operation"]
    made = resource.call("servicediscovery", "get_namespace", Id=done["Targets"]["NAMESPACE"])["Namespace"]
    resource.physical_resource_id = made["Id"]
    resource.scope |= {"id": made["Id"], "arn": made["Arn"]}


SCALABLE = "join('|', [request.ResourceId, request.ScalableDimension, request.ServiceNamespace])"
TARGET_KEYS = {name: f"request.{name}" for name in ("ResourceId", "ScalableDimension", "ServiceNamespace")}
register(
    Kind("AWS::ECS::Cluster", "ecs", "create_cluster", "answer.cluster.clusterName", name="ClusterName",
         name_length=255, attributes={"Arn": "answer.cluster.clusterArn"},
         rename={"ClusterSettings": "settings"}, update="update_cluster", remove="delete_cluster",
         keys={"cluster": "id"}),
    Kind("AWS::ECS::TaskDefinition", "ecs", "register_task_definition", "answer.taskDefinition.taskDefinitionArn",
         name="Family", name_length=255, attributes={"TaskDefinitionArn": "id"}, update="replace",
         remove="deregister_task_definition", keys={"taskDefinition": "id"}),
    Kind("AWS::ECS::Service", "ecs", "create_service", "answer.service.serviceArn", name="ServiceName",
         name_length=255, attributes={"Name": "answer.service.serviceName", "ServiceArn": "id"}, prepare=one_task,
         after=keep_settings,
         update="update_service", remove=remove_service, keys={"cluster": "request.cluster", "service": "id"}),
    Kind("AWS::ServiceDiscovery::HttpNamespace", "servicediscovery", "create_http_namespace", "answer.OperationId",
         attributes={"Arn": "arn", "Id": "id"}, after=namespace, remove="delete_namespace", keys={"Id": "id"}),
    Kind("AWS::ApplicationAutoScaling::ScalableTarget", "application-autoscaling", "register_scalable_target",
         SCALABLE, attributes={"Id": "id"}, after=scale_into_range, update="register_scalable_target", remove="deregister_scalable_target",
         keys=TARGET_KEYS),
    Kind("AWS::ApplicationAutoScaling::ScalingPolicy", "application-autoscaling", "put_scaling_policy",
         "answer.PolicyARN", attributes={"Arn": "id"}, prepare=scaling_target, update="put_scaling_policy",
         remove="delete_scaling_policy", keys=TARGET_KEYS | {"PolicyName": "request.PolicyName"}),
    Kind("AWS::ECR::Repository", "ecr", "create_repository", "answer.repository.repositoryName",
         name="RepositoryName", name_length=256,
         attributes={"Arn": "answer.repository.repositoryArn", "RepositoryUri": "answer.repository.repositoryUri"},
         apart=("LifecyclePolicy", "RepositoryPolicyText", "EmptyOnDelete"), after=repository_rules,
         remove="delete_repository", keys={"repositoryName": "id"}),
)
