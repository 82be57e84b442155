"""Names, certificates, CloudFront, the firewall."""

import uuid

from moto_resources import Kind, register, stand_in


def reference(resource, values):
    return values | {"CallerReference": str(uuid.uuid4())}


def zone_tags(kind, key):
    def put(resource, properties):
        if properties.get(key):
            resource.call(
                "route53", "change_tags_for_resource", ResourceType=kind, ResourceId=resource.physical_resource_id,
                AddTags=properties[key],
            )

    return put


def zone_id(resource, properties):
    """The API's id is a path; CloudFormation's is its last part."""
    resource.physical_resource_id = resource.physical_resource_id.split("/")[-1]
    resource.scope["id"] = resource.physical_resource_id
    zone_tags("hostedzone", "HostedZoneTags")(resource, properties)


def record(action):
    def change(resource, values):
        zone = values.pop("HostedZoneId")
        made = {key: one for key, one in values.items() if key != "ResourceRecords"}
        made.pop("Comment", None)
        if "ResourceRecords" in values:
            made["ResourceRecords"] = [{"Value": one} for one in values["ResourceRecords"]]
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": made}]}
        return {"HostedZoneId": zone, "ChangeBatch": batch}

    return change


def remove_record(resource):
    request = resource.scope["request"]
    change = {**request["ChangeBatch"]["Changes"][0], "Action": "DELETE"}
    resource.call(
        "route53", "change_resource_record_sets", HostedZoneId=request["HostedZoneId"],
        ChangeBatch={"Changes": [change]},
    )


def remove_zone(resource):
    zone = resource.physical_resource_id
    sets = resource.call("route53", "list_resource_record_sets", HostedZoneId=zone)["ResourceRecordSets"]
    apex = resource.properties["Name"].rstrip(".") + "."
    for one in sets:
        if one["Type"] in ("NS", "SOA") and one["Name"] == apex:
            continue
        # Route 53 refuses a zone that still has names of somebody.
        raise ValueError(f"the hosted zone {zone} still has {one['Type']} {one['Name']}")
    resource.call("route53", "delete_hosted_zone", Id=zone)


def distribution(resource, values):
    config = values["DistributionConfig"]
    config = {**config, "CallerReference": str(uuid.uuid4())}
    if "IPV6Enabled" in config:
        config["IsIPV6Enabled"] = config.pop("IPV6Enabled")
    for group in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", [])]:
        methods = group.pop("CachedMethods", None)
        if methods and "AllowedMethods" in group:
            group["AllowedMethods"] = {
                "Quantity": len(group["AllowedMethods"]), "Items": group["AllowedMethods"],
                "CachedMethods": {"Quantity": len(methods), "Items": methods},
            }
    for origin in config["Origins"]:
        headers = origin.pop("OriginCustomHeaders", None)
        if headers:
            origin["CustomHeaders"] = headers
    return {"DistributionConfigWithTags": {
        "DistributionConfig": config, "Tags": {"Items": values.get("Tags", [])},
    }}


def remove_distribution(resource):
    one = {"Id": resource.physical_resource_id}
    found = resource.call("cloudfront", "get_distribution_config", **one)
    config = {**found["DistributionConfig"], "Enabled": False}
    etag = resource.call("cloudfront", "update_distribution", **one, DistributionConfig=config, IfMatch=found["ETag"])
    resource.call("cloudfront", "delete_distribution", **one, IfMatch=etag["ETag"])


def remove_acl(resource):
    one = {"Name": resource.find("request.Name"), "Scope": resource.find("request.Scope")}
    one["Id"] = resource.find("answer.Summary.Id")
    token = resource.call("wafv2", "get_web_acl", **one)["LockToken"]
    resource.call("wafv2", "delete_web_acl", **one, LockToken=token)


def certificate(resource, values):
    """Where its name is proven does not matter here: CloudFormation writes the records itself."""
    values.pop("DomainValidationOptions", None)
    return values


register(
    Kind("AWS::Route53::HostedZone", "route53", "create_hosted_zone", "answer.HostedZone.Id",
         apart=("HostedZoneTags",), prepare=reference, after=zone_id, remove=remove_zone,
         attributes={"Id": "id", "NameServers": "answer.DelegationSet.NameServers"}),
    Kind("AWS::Route53::RecordSet", "route53", "change_resource_record_sets",
         "request.ChangeBatch.Changes[0].ResourceRecordSet.Name", prepare=record("UPSERT"),
         update="change_resource_record_sets", remove=remove_record),
    Kind("AWS::Route53::HealthCheck", "route53", "create_health_check", "answer.HealthCheck.Id",
         apart=("HealthCheckTags",), prepare=reference, attributes={"HealthCheckId": "id"},
         after=zone_tags("healthcheck", "HealthCheckTags"), remove="delete_health_check",
         keys={"HealthCheckId": "id"}),
    Kind("AWS::CertificateManager::Certificate", "acm", "request_certificate", "answer.CertificateArn",
         prepare=certificate, remove="delete_certificate", keys={"CertificateArn": "id"}),
    Kind("AWS::CloudFront::Distribution", "cloudfront", "create_distribution_with_tags", "answer.Distribution.Id",
         attributes={"DomainName": "answer.Distribution.DomainName", "Id": "id"}, prepare=distribution,
         remove=remove_distribution),
    stand_in("AWS::CloudFront::CachePolicy", Id="id"),
    stand_in("AWS::CloudFront::ResponseHeadersPolicy", Id="id"),
    Kind("AWS::WAFv2::WebACL", "wafv2", "create_web_acl",
         "join('|', [request.Name, answer.Summary.Id, request.Scope])", name="Name", name_length=128,
         attributes={"Arn": "answer.Summary.ARN", "Id": "answer.Summary.Id"}, remove=remove_acl),
    Kind("AWS::WAFv2::WebACLAssociation", "wafv2", "associate_web_acl",
         "join('|', [request.WebACLArn, request.ResourceArn])", remove="disassociate_web_acl",
         keys={"ResourceArn": "request.ResourceArn"}),
    Kind("AWS::WAFv2::LoggingConfiguration", "wafv2", "put_logging_configuration",
         "answer.LoggingConfiguration.ResourceArn", prepare=lambda resource, values: {"LoggingConfiguration": values},
         remove="delete_logging_configuration", keys={"ResourceArn": "id"}),
    Kind("AWS::Shield::Protection", "shield", "create_protection", "answer.ProtectionId",
         attributes={"ProtectionId": "id"}, remove="delete_protection", keys={"ProtectionId": "id"}),
)
