"""Logs, alarms, notices, records of what happens, backups, cost, recovery."""

import json

from moto_resources import Kind, register, stand_in


def retention(resource, properties):
    group = {"logGroupName": resource.physical_resource_id}
    if "RetentionInDays" in properties:
        days = int(properties["RetentionInDays"])
        resource.call("logs", "put_retention_policy", **group, retentionInDays=days)
    arn = f"arn:aws:logs:{resource.region}:{resource.account}:log-group:{resource.physical_resource_id}:*"
    resource.scope["arn"] = arn


def targets(resource, properties):
    if properties.get("Targets"):
        resource.call("events", "put_targets", Rule=resource.physical_resource_id, Targets=properties["Targets"])


def remove_rule(resource):
    rule = resource.physical_resource_id
    ids = [one["Id"] for one in resource.call("events", "list_targets_by_rule", Rule=rule)["Targets"]]
    if ids:
        resource.call("events", "remove_targets", Rule=rule, Ids=ids)
    resource.call("events", "delete_rule", Name=rule)


def topic(resource, values):
    names = ("KmsMasterKeyId", "DisplayName")
    attributes = {name: values.pop(name) for name in names if name in values}
    return values | {"Attributes": attributes}


def topic_policies(resource, properties):
    for arn in properties["Topics"]:
        resource.call(
            "sns", "set_topic_attributes", TopicArn=arn, AttributeName="Policy",
            AttributeValue=json.dumps(properties["PolicyDocument"]),
        )


def start_logging(resource, properties):
    if properties.get("IsLogging") in (True, "true"):
        resource.call("cloudtrail", "start_logging", Name=resource.physical_resource_id)


def lock_vault(resource, properties):
    lock = properties.get("LockConfiguration")
    if lock:
        days = {key: int(one) for key, one in lock.items()}
        resource.call("backup", "put_backup_vault_lock_configuration", BackupVaultName=resource.name, **days)


def plan(resource, values):
    """The API has other names for the list of rules and for what is inside."""
    given = values["BackupPlan"]
    rules = []
    for rule in given["BackupPlanRule"]:
        names = {"TargetBackupVault": "TargetBackupVaultName"}
        rules.append({names.get(key, key): one for key, one in rule.items()})
    made = {**{key: one for key, one in given.items() if key != "BackupPlanRule"}, "Rules": rules}
    return {"BackupPlan": made, "BackupPlanTags": values.get("BackupPlanTags", {})}


def start_recorder(resource, properties):
    """CloudFormation starts the recorder as soon as it has somewhere to deliver to."""
    for one in resource.call("config", "describe_configuration_recorders")["ConfigurationRecorders"]:
        resource.call("config", "start_configuration_recorder", ConfigurationRecorderName=one["name"])


def remove_channel(resource):
    for one in resource.call("config", "describe_configuration_recorders")["ConfigurationRecorders"]:
        resource.call("config", "stop_configuration_recorder", ConfigurationRecorderName=one["name"])
    resource.call("config", "delete_delivery_channel", DeliveryChannelName=resource.physical_resource_id)


def organization_policy(resource, properties):
    for target in properties.get("TargetIds", []):
        resource.call("organizations", "attach_policy", PolicyId=resource.physical_resource_id, TargetId=target)


def recorder(resource, values):
    group = values.get("RecordingGroup", {})
    return {"ConfigurationRecorder": {"name": values["name"], "roleARN": values["RoleARN"], "recordingGroup": group}}


def channel(resource, values):
    return {"DeliveryChannel": {key[0].lower() + key[1:]: one for key, one in values.items()}}


register(
    Kind("AWS::Logs::LogGroup", "logs", "create_log_group", "request.logGroupName", name="LogGroupName",
         name_length=512, apart=("RetentionInDays",), attributes={"Arn": "arn"}, after=retention,
         update="put_retention_policy", remove="delete_log_group", keys={"logGroupName": "id"}),
    Kind("AWS::Logs::DeliverySource", "logs", "put_delivery_source", "answer.deliverySource.name",
         attributes={"Arn": "answer.deliverySource.arn"}, remove="delete_delivery_source", keys={"name": "id"}),
    Kind("AWS::Logs::DeliveryDestination", "logs", "put_delivery_destination", "answer.deliveryDestination.name",
         attributes={"Arn": "answer.deliveryDestination.arn"}, remove="delete_delivery_destination",
         prepare=lambda one, values: {key: item for key, item in values.items() if key != "DestinationResourceArn"} | {
             "deliveryDestinationConfiguration": {"destinationResourceArn": values["DestinationResourceArn"]},
         }, keys={"name": "id"}),
    Kind("AWS::Logs::Delivery", "logs", "create_delivery", "answer.delivery.id",
         attributes={"Arn": "answer.delivery.arn", "DeliveryId": "id"}, remove="delete_delivery", keys={"id": "id"}),
    stand_in("AWS::Logs::QueryDefinition", QueryDefinitionId="id"),
    Kind("AWS::CloudWatch::Alarm", "cloudwatch", "put_metric_alarm", "request.AlarmName", name="AlarmName",
         name_length=255, attributes={"Arn": "join('', ['arn:aws:cloudwatch:', region, ':', account, ':alarm:', id])"},
         update="put_metric_alarm", keys={"AlarmName": "id"},
         remove=lambda one: one.call("cloudwatch", "delete_alarms", AlarmNames=[one.physical_resource_id])),
    Kind("AWS::CloudWatch::Dashboard", "cloudwatch", "put_dashboard", "request.DashboardName", name="DashboardName",
         name_length=255, unbacked=("Tags",), update="put_dashboard", keys={"DashboardName": "id"},
         remove=lambda one: one.call("cloudwatch", "delete_dashboards", DashboardNames=[one.physical_resource_id])),
    Kind("AWS::Events::Rule", "events", "put_rule", "request.Name", name="Name", name_length=64, apart=("Targets",),
         attributes={"Arn": "answer.RuleArn"}, after=targets, update="put_rule", remove=remove_rule, keys={"Name": "id"}),
    Kind("AWS::SNS::Topic", "sns", "create_topic", "answer.TopicArn", name="TopicName", name_length=256,
         rename={"TopicName": "Name"}, attributes={"TopicArn": "id", "TopicName": "request.Name"}, prepare=topic,
         remove="delete_topic", keys={"TopicArn": "id"}),
    Kind("AWS::SNS::TopicPolicy", "sns", "list_topics", "name", apart=("Topics", "PolicyDocument"),
         after=topic_policies),
    Kind("AWS::SNS::Subscription", "sns", "subscribe", "answer.SubscriptionArn", fixed={"ReturnSubscriptionArn": "`true`"},
         attributes={"Arn": "id"}, remove="unsubscribe", keys={"SubscriptionArn": "id"}),
    Kind("AWS::CloudTrail::Trail", "cloudtrail", "create_trail", "answer.Name", name="TrailName", name_length=128,
         rename={"TrailName": "Name", "Tags": "TagsList"}, apart=("IsLogging",),
         attributes={"Arn": "answer.TrailARN"}, after=start_logging, remove="delete_trail", keys={"Name": "id"}),
    Kind("AWS::Config::ConfigurationRecorder", "config", "put_configuration_recorder",
         "request.ConfigurationRecorder.name", name="Name", prepare=recorder, rename={"Name": "name"},
         remove="delete_configuration_recorder", keys={"ConfigurationRecorderName": "id"}),
    Kind("AWS::Config::DeliveryChannel", "config", "put_delivery_channel", "request.DeliveryChannel.name", name="Name",
         rename={"Name": "name"}, prepare=channel, after=start_recorder, remove=remove_channel,
         follows=("AWS::Config::ConfigurationRecorder",)),
    Kind("AWS::Config::ConfigRule", "config", "put_config_rule", "request.ConfigRule.ConfigRuleName",
         name="ConfigRuleName", name_length=128, prepare=lambda one, values: {"ConfigRule": values},
         remove="delete_config_rule", keys={"ConfigRuleName": "id"}),
    Kind("AWS::GuardDuty::Detector", "guardduty", "create_detector", "answer.DetectorId", attributes={"Id": "id"},
         remove="delete_detector", keys={"DetectorId": "id"}),
    Kind("AWS::Organizations::Organization", "organizations", "create_organization", "answer.Organization.Id",
         attributes={"Id": "id", "Arn": "answer.Organization.Arn"}),
    Kind("AWS::Organizations::Policy", "organizations", "create_policy", "answer.Policy.PolicySummary.Id",
         attributes={"Id": "id", "Arn": "answer.Policy.PolicySummary.Arn"}, apart=("TargetIds",),
         after=organization_policy, remove="delete_policy", keys={"PolicyId": "id"}),
    Kind("AWS::Backup::BackupVault", "backup", "create_backup_vault", "answer.BackupVaultName",
         name="BackupVaultName", name_length=50, apart=("LockConfiguration", "AccessPolicy"),
         attributes={"BackupVaultArn": "answer.BackupVaultArn", "BackupVaultName": "id"}, after=lock_vault,
         remove="delete_backup_vault", keys={"BackupVaultName": "id"}),
    Kind("AWS::Backup::BackupPlan", "backup", "create_backup_plan", "answer.BackupPlanId",
         attributes={"BackupPlanId": "id", "BackupPlanArn": "answer.BackupPlanArn"}, prepare=plan,
         remove="delete_backup_plan", keys={"BackupPlanId": "id"}),
    stand_in("AWS::Backup::BackupSelection"),
    stand_in("AWS::Backup::RestoreTestingPlan", name="RestoreTestingPlanName"),
    stand_in("AWS::Backup::RestoreTestingSelection", name="RestoreTestingSelectionName"),
    stand_in("AWS::XRay::Group", name="GroupName"),
    stand_in("AWS::XRay::SamplingRule"),
    stand_in("AWS::CE::AnomalyMonitor", MonitorArn="join('', ['arn:aws:ce::', account, ':anomalymonitor/', id])"),
    stand_in("AWS::CE::AnomalySubscription"),
    stand_in("AWS::ARCRegionSwitch::Plan", name="Name",
             Arn="join('', ['arn:aws:arc-region-switch::', account, ':plan/', id])"),
)
