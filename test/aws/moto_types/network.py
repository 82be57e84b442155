"""Networks: EC2's VPC, and load balancers."""

from moto_resources import Kind, register


def tag(path="id"):
    """EC2 takes tags in a call of their own."""

    def put(resource, properties):
        if properties.get("Tags"):
            resource.call("ec2", "create_tags", Resources=[resource.find(path)], Tags=properties["Tags"])

    return put


def vpc_attributes(resource, properties):
    tag()(resource, properties)
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        if name in properties:
            value = {"Value": properties[name] in (True, "true")}
            resource.call("ec2", "modify_vpc_attribute", VpcId=resource.physical_resource_id, **{name: value})


def subnet_attributes(resource, properties):
    tag()(resource, properties)
    value = {"Value": properties.get("MapPublicIpOnLaunch") in (True, "true")}
    resource.call("ec2", "modify_subnet_attribute", SubnetId=resource.physical_resource_id, MapPublicIpOnLaunch=value)


def permission(rule):
    """A rule of CloudFormation as the permission of the API."""
    one = {"IpProtocol": str(rule["IpProtocol"])}
    for name in ("FromPort", "ToPort"):
        if name in rule:
            one[name] = int(rule[name])
    about = {"Description": rule["Description"]} if "Description" in rule else {}
    group = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
    lists = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
    if group:
        one["UserIdGroupPairs"] = [{"GroupId": group, **about}]
    elif lists:
        one["PrefixListIds"] = [{"PrefixListId": lists, **about}]
    elif "CidrIpv6" in rule:
        one["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **about}]
    else:
        one["IpRanges"] = [{"CidrIp": rule["CidrIp"], **about}]
    return one


def set_rules(resource, properties):
    tag()(resource, properties)
    group = resource.physical_resource_id
    found = resource.call("ec2", "describe_security_groups", GroupIds=[group])["SecurityGroups"][0]
    wanted = {"ingress": properties.get("SecurityGroupIngress"), "egress": properties.get("SecurityGroupEgress")}
    for direction, rules in wanted.items():
        # Without a rule of the template everything may leave, and rules that other resources made stay.
        if rules is None:
            continue
        standing = found["IpPermissions" if direction == "ingress" else "IpPermissionsEgress"]
        if standing:
            resource.call("ec2", f"revoke_security_group_{direction}", GroupId=group, IpPermissions=standing)
        for rule in rules:
            resource.call(
                "ec2", f"authorize_security_group_{direction}", GroupId=group, IpPermissions=[permission(rule)]
            )


def single_rule(resource, values):
    rule = {key: value for key, value in values.items() if key != "GroupId"}
    return {"GroupId": values["GroupId"], "IpPermissions": [permission(rule)]}


def revoke_rule(direction):
    def revoke(resource):
        request = resource.scope["request"]
        resource.call("ec2", f"revoke_security_group_{direction}", **request)

    return revoke


def acl_entry(resource, values):
    values["Protocol"] = str(values["Protocol"])
    if "Icmp" in values:
        values["IcmpTypeCode"] = values.pop("Icmp")
    return values


def association_of(resource, subnet):
    acls = resource.call(
        "ec2", "describe_network_acls", Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )["NetworkAcls"]
    found = [one for acl in acls for one in acl["Associations"] if one["SubnetId"] == subnet]
    return found[0]["NetworkAclAssociationId"]


def associate_acl(resource, values):
    return {
        "AssociationId": association_of(resource, values["SubnetId"]),
        "NetworkAclId": values["NetworkAclId"],
    }


def dissociate_acl(resource):
    properties = resource.properties
    vpc = resource.call("ec2", "describe_subnets", SubnetIds=[properties["SubnetId"]])["Subnets"][0]["VpcId"]
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "default", "Values": ["true"]}]
    default = resource.call("ec2", "describe_network_acls", Filters=filters)["NetworkAcls"][0]
    resource.call(
        "ec2", "replace_network_acl_association",
        AssociationId=association_of(resource, properties["SubnetId"]), NetworkAclId=default["NetworkAclId"],
    )


def ec2(type_name, create, ref, remove=None, key=None, **more):
    short = more.pop("attribute", None)
    return Kind(
        f"AWS::EC2::{type_name}", "ec2", create, ref,
        attributes={short: "id"} if short else more.pop("attributes", {}),
        after=more.pop("after", tag()), remove=remove, keys={key: more.pop("identity", "id")} if key else {}, **more,
    )


def many(parameter):
    """The call takes a list where the template names one, or removes a list."""
    return lambda resource: resource.call("ec2", parameter[0], **{parameter[1]: [resource.physical_resource_id]})


register(
    ec2("VPC", "create_vpc", "answer.Vpc.VpcId", "delete_vpc", "VpcId", attribute="VpcId", after=vpc_attributes,
        apart=("EnableDnsSupport", "EnableDnsHostnames")),
    ec2("Subnet", "create_subnet", "answer.Subnet.SubnetId", "delete_subnet", "SubnetId", attribute="SubnetId",
        after=subnet_attributes, apart=("MapPublicIpOnLaunch",)),
    ec2("InternetGateway", "create_internet_gateway", "answer.InternetGateway.InternetGatewayId",
        "delete_internet_gateway", "InternetGatewayId", attribute="InternetGatewayId"),
    Kind("AWS::EC2::VPCGatewayAttachment", "ec2", "attach_internet_gateway",
         "join('|', [request.InternetGatewayId, request.VpcId])", remove="detach_internet_gateway",
         keys={"InternetGatewayId": "request.InternetGatewayId", "VpcId": "request.VpcId"}),
    ec2("EIP", "allocate_address", "answer.PublicIp", "release_address", "AllocationId",
        identity="answer.AllocationId", after=tag("answer.AllocationId"),
        attributes={"AllocationId": "answer.AllocationId", "PublicIp": "answer.PublicIp"}),
    ec2("NatGateway", "create_nat_gateway", "answer.NatGateway.NatGatewayId", "delete_nat_gateway", "NatGatewayId",
        attribute="NatGatewayId"),
    ec2("RouteTable", "create_route_table", "answer.RouteTable.RouteTableId", "delete_route_table", "RouteTableId",
        attribute="RouteTableId"),
    Kind("AWS::EC2::Route", "ec2", "create_route", "join('|', [request.RouteTableId, request.DestinationCidrBlock])",
         remove="delete_route",
         keys={"RouteTableId": "request.RouteTableId", "DestinationCidrBlock": "request.DestinationCidrBlock"}),
    ec2("SubnetRouteTableAssociation", "associate_route_table", "answer.AssociationId", "disassociate_route_table",
        "AssociationId"),
    ec2("NetworkAcl", "create_network_acl", "answer.NetworkAcl.NetworkAclId", "delete_network_acl", "NetworkAclId",
        attribute="Id"),
    Kind("AWS::EC2::NetworkAclEntry", "ec2", "create_network_acl_entry",
         "join('|', [request.NetworkAclId, to_string(request.Egress), to_string(request.RuleNumber)])",
         prepare=acl_entry, remove="delete_network_acl_entry",
         keys={name: f"request.{name}" for name in ("NetworkAclId", "Egress", "RuleNumber")}),
    Kind("AWS::EC2::SubnetNetworkAclAssociation", "ec2", "replace_network_acl_association",
         "answer.NewAssociationId", prepare=associate_acl, remove=dissociate_acl),
    ec2("SecurityGroup", "create_security_group", "answer.GroupId", "delete_security_group", "GroupId",
        attribute="GroupId", name="GroupName", name_length=255, rename={"GroupDescription": "Description"},
        apart=("SecurityGroupIngress", "SecurityGroupEgress"), after=set_rules),
    Kind("AWS::EC2::SecurityGroupIngress", "ec2", "authorize_security_group_ingress",
         "answer.SecurityGroupRules[0].SecurityGroupRuleId", prepare=single_rule, remove=revoke_rule("ingress")),
    Kind("AWS::EC2::SecurityGroupEgress", "ec2", "authorize_security_group_egress",
         "answer.SecurityGroupRules[0].SecurityGroupRuleId", prepare=single_rule, remove=revoke_rule("egress")),
    ec2("FlowLog", "create_flow_logs", "answer.FlowLogIds[0]", many(("delete_flow_logs", "FlowLogIds")),
        rename={"ResourceId": "ResourceIds"}),
    ec2("VPCEndpoint", "create_vpc_endpoint", "answer.VpcEndpoint.VpcEndpointId",
        many(("delete_vpc_endpoints", "VpcEndpointIds"))),
)


def attributes_of(operation, parameter, key):
    def put(resource, properties):
        if properties.get(key):
            arn = {parameter: resource.physical_resource_id}
            resource.call("elbv2", operation, **arn, Attributes=properties[key])

    return put


def balancer(resource, properties):
    attributes_of("modify_load_balancer_attributes", "LoadBalancerArn", "LoadBalancerAttributes")(resource, properties)


register(
    Kind("AWS::ElasticLoadBalancingV2::LoadBalancer", "elbv2", "create_load_balancer",
         "answer.LoadBalancers[0].LoadBalancerArn", name="Name", name_length=32, apart=("LoadBalancerAttributes",),
         attributes={
             "DNSName": "answer.LoadBalancers[0].DNSName",
             "CanonicalHostedZoneID": "answer.LoadBalancers[0].CanonicalHostedZoneId",
             "LoadBalancerArn": "id", "LoadBalancerFullName": "full_name", "LoadBalancerName": "request.Name",
         },
         after=lambda one, properties: (
             one.scope.update(full_name=one.physical_resource_id.split("loadbalancer/", 1)[1]), balancer(one, properties)
         ),
         remove="delete_load_balancer", keys={"LoadBalancerArn": "id"}),
    Kind("AWS::ElasticLoadBalancingV2::TargetGroup", "elbv2", "create_target_group",
         "answer.TargetGroups[0].TargetGroupArn", name="Name", name_length=32, apart=("TargetGroupAttributes",),
         attributes={"TargetGroupArn": "id", "TargetGroupFullName": "full_name", "TargetGroupName": "request.Name"},
         after=lambda one, properties: (
             one.scope.update(full_name=one.physical_resource_id.split(":")[-1]),
             attributes_of("modify_target_group_attributes", "TargetGroupArn", "TargetGroupAttributes")(one, properties),
         ),
         update="modify_target_group", remove="delete_target_group", keys={"TargetGroupArn": "id"}),
    Kind("AWS::ElasticLoadBalancingV2::Listener", "elbv2", "create_listener", "answer.Listeners[0].ListenerArn",
         attributes={"ListenerArn": "id"}, apart=("ListenerAttributes",), update="modify_listener",
         remove="delete_listener", keys={"ListenerArn": "id"}),
    Kind("AWS::ElasticLoadBalancingV2::ListenerRule", "elbv2", "create_rule", "answer.Rules[0].RuleArn",
         attributes={"RuleArn": "id"}, update="modify_rule", remove="delete_rule", keys={"RuleArn": "id"}),
    Kind("AWS::ElasticLoadBalancingV2::ListenerCertificate", "elbv2", "add_listener_certificates",
         "request.Certificates[0].CertificateArn", remove="remove_listener_certificates",
         keys={"ListenerArn": "request.ListenerArn", "Certificates": "request.Certificates"}),
)
