import { type App, CfnCondition, Fn } from "aws-cdk-lib";
import { addOutOfHours } from "../alarms/add-out-of-hours.ts";
import { alarmArn, alarmsBelow } from "../alarms/alarm.ts";
import { Dashboard } from "../alarms/dashboard.ts";
import { ForwardedAlarms } from "../alarms/forwarded-alarms.ts";
import { loadBalancerAlarmNames } from "../alarms/load-balancer-alarms.ts";
import { LogQueries } from "../alarms/log-queries.ts";
import { Notifications, slackChannelsOf, toldSeverities } from "../alarms/notifications.ts";
import { OperationalEvents } from "../alarms/operational-events.ts";
import { cellVariable, platformWidgets } from "../alarms/platform-widgets.ts";
import {
  addDistributionAlarms,
  addSiteAlarms,
  globalRegion,
  presenceOf,
  sharedCell,
  sharedServices,
  sharedStores,
} from "../alarms/site-alarms.ts";
import { alarmPrefixOf } from "../alarms/tenant-alarm-names.ts";
import { tenantPlaceholder, tenantWidgets } from "../alarms/tenant-widgets.ts";
import { addConfigurationBucket } from "../backup/configuration-bucket.ts";
import { addBackups, addRecoveryVault, type SiteBackups } from "../backup/site-backups.ts";
import { CostWatch } from "../budgets/cost-watch.ts";
import { addRecoveryPlan } from "../recovery/site-recovery.ts";
import { pascal, PlatformStack } from "../stack/platform-stack.ts";
import type { Site } from "../stack/site.ts";
import { Tracing } from "../tracing/tracing.ts";
import { hasCells } from "./cell-stack.ts";
import { permissionsBoundary } from "./store-place.ts";

/**
 * Backup, alarms, cost, tracing and the recovery plan of a region.
 *
 * The recovery region's holds the vault that backups are copied into, and alarms on what stands there; it comes before the primary
 * region's. Null where the recovery region needs none.
 */
export function operationsStack(app: App, site: Site): PlatformStack | null {
  const { platform, role } = site;
  const stack = new PlatformStack(app, site, "operations", {
    description: `Backup, alarms and recovery of ${platform.name} in ${platform.environment}.`,
  });
  if (role === "recovery") {
    const hasVault = addRecoveryVault(stack);
    const hasParts = presenceOf(stack).stores;
    if (!hasVault && !hasParts) {
      app.node.tryRemoveChild(stack.node.id);
      return null;
    }
    if (hasParts) addWatch(stack, null);
    return stack;
  }
  const backups = addBackups(stack);
  if (platform.backups.configuration === "version-control-and-bucket") addConfigurationBucket(stack);
  const notifications = addWatch(stack, backups);
  addCostWatch(stack, notifications);
  notifications.connectSlack();
  const { errors } = sharedCellAlarms(stack);
  addRecoveryPlan(stack, hasCells(site) ? [errors] : []);
  return stack;
}

/**
 * The alarms on CloudFront where the platform's region is not the one that has its metrics; they are sent on to the operations
 * stack. Null elsewhere.
 */
export function globalOperationsStack(app: App, site: Site): PlatformStack | null {
  const { platform, role } = site;
  if (role !== "primary" || !watchesElsewhere(site)) return null;
  const stack = new PlatformStack(app, site, "operations-global", {
    description: `Alarms on what ${platform.name} in ${platform.environment} has in all regions.`,
    region: globalRegion,
  });
  addDistributionAlarms(stack, { namePrefix: alarmPrefixOf(stack), topics: {} });
  new ForwardedAlarms(stack, "Forwarded", {
    alarmNames: alarmsBelow(stack).map(({ alarmName }) => alarmName),
    region: site.region.region,
    // Boundaries are the regions' own, and this stack is in none of them.
    permissionsBoundary: null,
  });
  return stack;
}

function watchesElsewhere({ platform, region }: Site): boolean {
  return platform.edge.cloudFront !== null && region.region !== globalRegion;
}

/** The names of the alarms on the cell that serves what tenants share. The stacks that make them come later. */
function sharedCellAlarms(stack: PlatformStack): ReturnType<typeof loadBalancerAlarmNames> {
  return loadBalancerAlarmNames(`${alarmPrefixOf(stack)}-cell-${sharedCell}`);
}

/** Who is told, what of, and where one looks. */
function addWatch(stack: PlatformStack, backups: SiteBackups | null): Notifications {
  const notifications = addNotifications(stack);
  const { topics } = notifications;
  addSiteAlarms(stack, { namePrefix: alarmPrefixOf(stack), topics });
  addEvents(stack, notifications, backups);
  addOutOfHours(stack, alarmPrefixOf(stack));
  addTracing(stack);
  addDashboards(stack);
  if (stack.site.role === "recovery") notifications.connectSlack();
  return notifications;
}

function addNotifications(stack: PlatformStack): Notifications {
  const { platform } = stack.site;
  const { alerts } = platform.observability;
  const slackChannels = slackChannelsOf(alerts, platform.parameters);
  const hasTopics =
    toldSeverities(alerts, slackChannels).length > 0 || costRecipients(stack).others.length > 0;
  const notifications = new Notifications(stack, "Notifications", {
    namePrefix: `${alarmPrefixOf(stack)}${stack.site.role === "primary" ? "" : "-recovery"}`,
    alerts,
    keyArn: hasTopics ? stack.needKey("notifications") : null,
    slackChannels,
    permissionsBoundary: Object.keys(slackChannels).length > 0 ? permissionsBoundary(stack) : null,
  });
  for (const [severity, arn] of Object.entries(notifications.topics)) {
    stack.provide(`notifications/${severity as keyof typeof notifications.topics}`, arn);
  }
  for (const { destination, reason } of notifications.unserved) {
    stack.output(`Untold${pascal(destination)}`, reason, `Why ${destination} gets no alarms from AWS.`);
  }
  return notifications;
}

function addEvents(stack: PlatformStack, { topics }: Notifications, backups: SiteBackups | null): void {
  // A template may need no value that it does not use.
  if (Object.keys(topics).length === 0) return;
  const { platform, role } = stack.site;
  const presence = presenceOf(stack);
  const databases = sharedStores(stack).filter(({ kind }) => kind === "postgres" || kind === "documentdb");
  const hasCertificates = platform.routing.listener === "https" || platform.edge.cloudFront !== null;
  new OperationalEvents(stack, "Events", {
    topics,
    clusterNamePrefix: hasCells(stack.site) ? `${alarmPrefixOf(stack)}-cell-` : null,
    databaseArns:
      topics.high === undefined ? [] : databases.map(({ name }) => stack.need(`stores/${name}/arn`)),
    vault:
      backups === null
        ? null
        : { name: backups.vaultName, arn: backups.vaultArn, restoreRoleArn: backups.restoreRoleArn },
    alarmsElsewhere:
      role === "primary" && watchesElsewhere(stack.site)
        ? { region: globalRegion, names: [`${alarmPrefixOf(stack)}-cloudfront-errors`] }
        : null,
    guardDuty: role === "primary" && platform.audit.guardDuty,
    certificates: presence.services && hasCertificates,
  });
}

function addTracing(stack: PlatformStack): void {
  const { platform } = stack.site;
  const { tracing } = platform.observability;
  if (tracing === null || tracing.backend !== "x-ray" || !presenceOf(stack).services) return;
  new Tracing(stack, "Tracing", { platform, sampling: tracing, services: stack.site.region.services });
}

function addDashboards(stack: PlatformStack): void {
  const { platform, role } = stack.site;
  if (!presenceOf(stack).services) return;
  // A dashboard's name is the account's, whatever its region.
  const name = `${alarmPrefixOf(stack)}${role === "primary" ? "" : "-recovery"}`;
  const ofCell = hasCells(stack.site) ? Object.values(sharedCellAlarms(stack)) : [];
  const alarmArns = [
    ...ofCell.map((alarm) => alarmArn(stack, stack.region, alarm)),
    ...alarmsBelow(stack).map(({ arn }) => arn),
  ];
  new Dashboard(stack, "Dashboard", {
    name,
    widgets: platformWidgets(stack, alarmArns),
    variable: cellVariable(stack),
  });
  const ofTenant = tenantWidgets(stack);
  if (ofTenant.length > 0) {
    new Dashboard(stack, "TenantDashboard", {
      name: `${name}-tenant`,
      widgets: ofTenant,
      variable: {
        kind: "text",
        pattern: tenantPlaceholder,
        label: "Tenant",
        defaultValue: tenantPlaceholder,
      },
    });
  }
  new LogQueries(stack, "LogQueries", {
    folder: `${platform.name}/${platform.environment}`,
    logGroups: sharedServices(stack).flatMap(({ logs }) => (logs.group === null ? [] : [logs.group])),
  });
}

/** Who is told about cost: e-mail goes there directly, the others by a topic. */
function costRecipients({ site: { platform } }: PlatformStack): {
  readonly emails: readonly string[];
  readonly others: readonly string[];
} {
  const { destinations, routes } = platform.observability.alerts;
  // Cost that nobody named a destination for is no emergency.
  const told = platform.cost.budget?.notify ?? routes.medium?.to ?? routes.low?.to ?? [];
  return {
    emails: told.flatMap((name) => {
      const destination = destinations[name];
      return destination?.kind === "email" ? [destination.address] : [];
    }),
    others: told.filter((name) => destinations[name]?.kind !== "email"),
  };
}

function addCostWatch(stack: PlatformStack, notifications: Notifications): void {
  const { platform } = stack.site;
  const { budget, anomalyDetection } = platform.cost;
  if (budget === null && !anomalyDetection) return;
  const { emails, others } = costRecipients(stack);
  const isMember =
    platform.organization !== null && platform.organization.managementAccount !== platform.account;
  new CostWatch(stack, "Cost", {
    name: alarmPrefixOf(stack),
    environment: platform.environment,
    budget,
    anomalyDetection,
    recipients: { emails, topicArn: notifications.topicFor("Cost", others) },
    isMonitorOwner: isMember && anomalyDetection ? ownsMonitor(stack) : null,
  });
}

/** Environments that share an account share its monitor: all but one are deployed with "false". */
function ownsMonitor(stack: PlatformStack): CfnCondition {
  const owns = stack.parameter(
    "OwnsAccountAnomalyMonitor",
    {
      type: "String",
      default: "true",
      allowedValues: ["true", "false"],
      description: "Whether this environment makes the account's monitor of cost anomalies.",
    },
    null,
  );
  return new CfnCondition(stack, "IsAnomalyMonitorOwner", {
    expression: Fn.conditionEquals(owns.valueAsString, "true"),
  });
}
