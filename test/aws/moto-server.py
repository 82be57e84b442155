"""Starts moto's server with a CloudFormation that works as AWS's does where a deployment can tell the difference.

moto 5.2.5 executes change sets at once and in the call itself, knows no failure of a resource, forgets tags and outputs
of change sets, and makes a second stack where one is under review. What is here makes those as AWS documents them:
an operation runs by itself for a while, one at a time on a stack, ends in a rollback when a resource fails, and a change
set is refused where AWS refuses it. Templates can ask for slowness and failures in their Metadata:

    "Metadata": {"Emulator": {"DelayMs": 300}}                          of the template: how long an operation takes
    "Metadata": {"Emulator": {"FailFor": "acme-corp", "Reason": "..."}} of a resource: for this value of the parameter
                                                                        TenantId, or for "*"
"""

import json
import sys
import threading
import time

import moto_template
from moto.cloudformation import models, responses
from moto.cloudformation.parsing import ResourceMap
from moto.cloudformation.exceptions import CloudFormationError, ValidationError
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

lock = threading.RLock()


class ChangeSetNotFound(CloudFormationError):
    code = "ChangeSetNotFound"


class InvalidChangeSetStatus(CloudFormationError):
    code = "InvalidChangeSetStatus"


def emulator(part):
    return (part.get("Metadata") or {}).get("Emulator") or {}


def add_event(stack, logical_id, resource, status, reason=None):
    physical = stack.resource_map._parsed_resources.get(logical_id)
    stack.events.append(
        models.Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=logical_id,
            physical_resource_id=getattr(physical, "physical_resource_id", None) or "",
            resource_type=resource["Type"],
            resource_status=status,
            resource_status_reason=reason,
            resource_properties=None,
        )
    )


def failing_resource(template, parameters):
    for logical_id, resource in template["Resources"].items():
        wanted = emulator(resource)
        if "FailFor" in wanted and wanted["FailFor"] in ("*", (parameters or {}).get("TenantId")):
            return logical_id, resource, wanted.get("Reason", "told to fail")
    return None


def find_stack(backend, name_or_id):
    for stack in backend.stacks.values():
        if name_or_id in (stack.name, stack.stack_id):
            return stack
    return None


def find_change_set(backend, name, stack_name):
    for change_set in backend.change_sets.values():
        if name in (change_set.change_set_id, change_set.change_set_name):
            if stack_name in (None, change_set.stack_name, change_set.stack_id):
                return change_set
    return None


def create_change_set(
    self, stack_name, change_set_name, template, parameters, description, change_set_type,
    notification_arns=None, tags=None, role_arn=None,
):
    with lock:
        stack = find_stack(self, stack_name)
        is_new = change_set_type == "CREATE"
        if is_new and stack is not None and stack.status != "REVIEW_IN_PROGRESS":
            raise ValidationError(
                message=f"Stack [{stack_name}] already exists and cannot be created again with the changeSet [{change_set_name}]."
            )
        if not is_new and (stack is None or stack.status == "REVIEW_IN_PROGRESS"):
            raise ValidationError(stack_name)
        if not is_new and stack.status.endswith("_IN_PROGRESS"):
            raise ValidationError(message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.")
        if find_change_set(self, change_set_name, stack_name) is not None:
            raise models.AlreadyExistsException(f"ChangeSet {change_set_name} already exists")
        if stack is None:
            stack_id = models.generate_stack_id(stack_name, self.region_name, self.account_id)
            stack = models.Stack(
                stack_id=stack_id, name=stack_name, template={}, parameters=parameters,
                account_id=self.account_id, region_name=self.region_name, tags={}, role_arn=role_arn,
            )
            self.stacks[stack_id] = stack
            stack.status = "REVIEW_IN_PROGRESS"
            stack._add_stack_event("REVIEW_IN_PROGRESS", resource_status_reason="User Initiated")
        change_set_id = models.generate_changeset_id(change_set_name, self.region_name, self.account_id)
        change_set = models.ChangeSet(
            change_set_type=change_set_type, change_set_id=change_set_id, change_set_name=change_set_name,
            stack=stack, template=template, parameters=parameters, description=description,
            notification_arns=notification_arns, tags=tags, role_arn=role_arn,
        )
        is_same = (
            not is_new
            and stack.has_template(template)
            and stack.has_parameters(parameters)
            and (stack.tags or {}) == (tags or {})
            and not changed_values(stack.resource_map)
        )
        change_set.status = "FAILED" if is_same else "CREATE_COMPLETE"
        change_set.execution_status = "UNAVAILABLE" if is_same else "AVAILABLE"
        if is_same:
            change_set.status_reason = "The submitted information didn't contain changes."
        self.change_sets[change_set_id] = change_set
        return change_set_id, stack.stack_id


def changed_values(resource_map):
    """Names of parameters whose value in Parameter Store is another by now."""
    before = dict(resource_map.resolved_parameters)
    try:
        resource_map.load_parameters()
    except Exception:
        return set(before)
    after = dict(resource_map.resolved_parameters)
    resource_map.resolved_parameters.update(before)
    resource_map._parsed_resources.update(before)
    return {name for name in before if before[name] != after.get(name)}


def build_resource_diff(self, other_template, parameters=None):
    """moto's own, and what refers to a value that changed in Parameter Store."""
    actions = moto_build_resource_diff(self, other_template, parameters)
    changed = changed_values(self)
    for name, resource in other_template["Resources"].items():
        text = json.dumps(resource)
        uses = any(f'"Ref": "{one}"' in text or "${" + one + "}" in text for one in changed)
        if uses and name in self._resource_json_map and name not in actions["Modify"]:
            actions["Modify"].append(name)
    return actions


def execute_change_set(self, change_set_name, stack_name=None):
    with lock:
        change_set = find_change_set(self, change_set_name, stack_name)
        if change_set is None:
            raise ChangeSetNotFound(f"ChangeSet [{change_set_name}] does not exist")
        if change_set.execution_status != "AVAILABLE":
            raise InvalidChangeSetStatus(
                f"ChangeSet [{change_set_name}] cannot be executed in its current status of [{change_set.execution_status}]"
            )
        stack = self.stacks[change_set.stack_id]
        change_set.execution_status = "EXECUTE_IN_PROGRESS"
        # The other change sets of the stack do not fit it any more.
        for other_id, other in list(self.change_sets.items()):
            if other.stack_id == stack.stack_id and other is not change_set:
                del self.change_sets[other_id]
        stack.status = f"{change_set.change_set_type}_IN_PROGRESS"
        stack._add_stack_event(stack.status, resource_status_reason="User Initiated")
    threading.Thread(target=run_change_set, args=(stack, change_set), daemon=True).start()


def run_change_set(stack, change_set):
    kind = change_set.change_set_type
    template = change_set.template_dict
    changed = [(change.logical_resource_id, change.action) for change in change_set.changes]
    resources = {**stack.resource_map._resource_json_map, **template["Resources"]}
    verb = {"Add": "CREATE", "Modify": "UPDATE", "Remove": "DELETE"}
    failure = failing_resource(template, change_set.parameters)
    with lock:
        for logical_id, action in changed:
            add_event(stack, logical_id, resources[logical_id], f"{verb[action]}_IN_PROGRESS")
    time.sleep(emulator(template).get("DelayMs", 20) / 1000)
    with lock:
        if failure is None:
            try:
                stack.resource_map.update(template, change_set.parameters)
            except Exception as problem:  # moto's own word is the reason
                logical_id = getattr(problem, "logical_id", None) or (changed[0][0] if changed else stack.name)
                failure = (logical_id, resources.get(logical_id, {"Type": "unknown"}), str(problem))
        if failure is not None:
            fail(stack, change_set, failure, changed, resources, verb)
            return
        for logical_id, action in changed:
            add_event(stack, logical_id, resources[logical_id], f"{verb[action]}_COMPLETE")
        stack.template = change_set.template
        stack.template_dict = template
        stack.parameters = change_set.parameters
        stack.tags = change_set.tags or {}
        stack.description = template.get("Description")
        stack.output_map = stack._create_output_map()
        stack.last_updated_time = utcnow()
        change_set.execution_status = "EXECUTE_COMPLETE"
        stack._add_stack_event(f"{kind}_COMPLETE")
        stack.status = f"{kind}_COMPLETE"


def fail(stack, change_set, failure, changed, resources, verb):
    logical_id, resource, reason = failure
    prefix = "" if change_set.change_set_type == "CREATE" else "UPDATE_"
    add_event(stack, logical_id, resource, f"{prefix or 'CREATE_'}FAILED", reason)
    for other_id, action in changed:
        if other_id != logical_id:
            cancelled = "Resource creation cancelled" if action == "Add" else "Resource update cancelled"
            add_event(stack, other_id, resources[other_id], f"{verb[action]}_FAILED", cancelled)
    stack._add_stack_event(
        f"{prefix}ROLLBACK_IN_PROGRESS", resource_status_reason=f"The following resource(s) failed: [{logical_id}]."
    )
    if prefix == "":
        stack.tags = change_set.tags or {}
        # What moto made before it failed is gone after a rollback.
        try:
            stack.resource_map.delete()
        except Exception:
            pass
        stack.resource_map._resource_json_map = {}
    change_set.execution_status = "EXECUTE_FAILED"
    stack.last_updated_time = utcnow()
    stack._add_stack_event(f"{prefix}ROLLBACK_COMPLETE")
    stack.status = f"{prefix}ROLLBACK_COMPLETE"


def delete_change_set(self, change_set_name):
    with lock:
        change_set = find_change_set(self, change_set_name, None)
        if change_set is not None:
            del self.change_sets[change_set.change_set_id]


def delete_stack(self, name_or_stack_id):
    with lock:
        stack = find_stack(self, name_or_stack_id)
        if stack is None or stack.status == "DELETE_IN_PROGRESS":
            return
        if stack.enable_termination_protection:
            raise ValidationError(
                message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
        for change_set_id, change_set in list(self.change_sets.items()):
            if change_set.stack_id == stack.stack_id:
                del self.change_sets[change_set_id]
        stack.status = "DELETE_IN_PROGRESS"
        stack._add_stack_event("DELETE_IN_PROGRESS", resource_status_reason="User Initiated")
    threading.Thread(target=run_deletion, args=(self, stack), daemon=True).start()


def run_deletion(backend, stack):
    time.sleep(emulator(stack.template_dict or {}).get("DelayMs", 20) / 1000)
    with lock:
        resources = dict(stack.resource_map._resource_json_map)
        try:
            stack.resource_map.delete()
        except Exception as problem:
            for logical_id, resource in list(resources.items())[:1]:
                add_event(stack, logical_id, resource, "DELETE_FAILED", str(problem))
            stack._add_stack_event("DELETE_FAILED", resource_status_reason=str(problem))
            stack.status = "DELETE_FAILED"
            return
        for logical_id, resource in resources.items():
            kept = resource.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")
            add_event(stack, logical_id, resource, "DELETE_SKIPPED" if kept else "DELETE_COMPLETE")
        stack._add_stack_event("DELETE_COMPLETE")
        stack.status = "DELETE_COMPLETE"
        backend.stacks.pop(stack.stack_id, None)
        backend.deleted_stacks[stack.stack_id] = stack


def describe_stacks(self):
    """In pages of 50, whatever is deleted between two of them."""
    stacks = self.cloudformation_backend.describe_stacks(self._get_param("StackName"))
    start = int(self._get_param("NextToken") or 0)
    token = str(start + 50) if len(stacks) > start + 50 else None
    return ActionResult({"Stacks": stacks[start : start + 50], "NextToken": token})


def list_change_sets(self):
    stack_name = self._get_param("StackName")
    stack = find_stack(self.cloudformation_backend, stack_name)
    if stack is None:
        raise ValidationError(message=f"Stack [{stack_name}] does not exist")
    every = list(self.cloudformation_backend.list_change_sets())
    return ActionResult({"Summaries": [one for one in every if one.stack_id == stack.stack_id]})


def update_termination_protection(self):
    stack = find_stack(self.cloudformation_backend, self._get_param("StackName"))
    if stack is None:
        raise ValidationError(self._get_param("StackName"))
    # Under automated parsing this is a boolean already.
    stack.enable_termination_protection = self._get_param("EnableTerminationProtection") in (True, "true")
    return ActionResult({"StackId": stack.stack_id})


moto_build_resource_diff = ResourceMap.build_resource_diff
ResourceMap.build_resource_diff = build_resource_diff

backend = models.CloudFormationBackend
backend.create_change_set = create_change_set
backend.execute_change_set = execute_change_set
backend.delete_change_set = delete_change_set
backend.delete_stack = delete_stack
handler = responses.CloudFormationResponse
handler.describe_stacks = describe_stacks
handler.list_change_sets = list_change_sets
handler.update_termination_protection = update_termination_protection
handler._validate_different_update = lambda self, params, body, stack: None

moto_template.install()

if __name__ == "__main__":
    from moto.server import main

    main(sys.argv[1:])
