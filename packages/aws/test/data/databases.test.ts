// Goal: databases are what the documents say, reached by their clients only, encrypted, and their passwords stand nowhere.
import { expect, test } from "vitest";
import { databaseIdentifier, rotationFunctionName } from "../../src/databases/database-identifier.ts";
import { replicasStack } from "../../src/stacks/data-stack.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { dataTemplate, onlyOf, propertiesOf, written } from "./data-templates.ts";

const development = dataTemplate(documentPlatform("tenant-silos", "development"));
const production = dataTemplate(documentPlatform("tenant-silos", "production"));
const management = documentPlatform("saas-management", "production");
const main = dataTemplate(management);
const recovery = dataTemplate(management, "recovery");
const staging = dataTemplate(documentPlatform("saas-management", "staging"));

const variants: Readonly<Record<string, Template>> = {
  development,
  production,
  main,
  recovery,
  replicas: dataTemplate(management, "recovery", replicasStack),
  staging,
  "AWS's own keys, nothing protected": dataTemplate(
    platformWith({
      stores: {
        main: {
          kind: "postgres",
          engine: "aurora",
          performanceInsights: null,
          monitoringSeconds: 0,
          tls: "allowed",
        },
        other: {
          kind: "postgres",
          engine: "rds",
          version: "16.4",
          iamAuthentication: true,
          multiAz: false,
          storage: { type: "io2" },
          credentials: { rotationDays: null },
        },
        documents: { kind: "documentdb", tls: "allowed" },
        cache: { kind: "redis", engine: "valkey", version: "8", tls: false, port: 6380 },
        files: { kind: "bucket", versioning: false, accessLogs: false },
      },
      encryption: { keys: "aws-managed" },
      identity: { deployment: { permissionsBoundary: false } },
      dataProtection: "disposable",
    }),
  ),
  "an Aurora global database": dataTemplate(globalPlatform()),
  "the follower of an Aurora global database": dataTemplate(globalPlatform(), "recovery"),
};

function globalPlatform(settings: object = {}) {
  return platformWith(
    {
      services: { app: { image: "a/b:1", uses: ["main", "files"], route: "/" } },
      stores: {
        main: { kind: "postgres", instance: "r8g.large", instances: 2, replication: "global-database" },
        files: { kind: "bucket", replication: { deletions: true } },
      },
      ...settings,
    },
    { recovery: { region: "us-west-2", strategy: "active-active" } },
  );
}

test("CloudFormation's validator has nothing against any of them", () => {
  for (const [name, template] of Object.entries(variants))
    expect(validateTemplate(template), name).toEqual([]);
}, 120_000);

test("S5.02 Aurora PostgreSQL 15.8 with the database saasdb, one writer of db.t3.medium, pg_stat_statements preloaded", () => {
  expect(onlyOf(development, "AWS::RDS::DBCluster").Properties).toMatchObject({
    Engine: "aurora-postgresql",
    EngineVersion: "15.8",
    DatabaseName: "saasdb",
    Port: 5432,
    DBClusterParameterGroupName: { Ref: "MainParameters" },
  });
  expect(onlyOf(development, "AWS::RDS::DBInstance").Properties).toMatchObject({
    DBInstanceClass: "db.t3.medium",
    Engine: "aurora-postgresql",
    PubliclyAccessible: false,
    EnablePerformanceInsights: true,
    PerformanceInsightsRetentionPeriod: 7,
    MonitoringInterval: 60,
  });
  expect(propertiesOf(development, "MainParameters")).toMatchObject({
    Family: "aurora-postgresql15",
    Parameters: { shared_preload_libraries: "pg_stat_statements", "rds.force_ssl": "1" },
  });
  expect(Object.keys(resourcesOf(production, "AWS::RDS::DBInstance"))).toEqual([
    "MainInstance1",
    "MainInstance2",
  ]);
});

test("S5.02 the definition's parameters stand in the group, and what its other fields say wins", () => {
  const template = dataTemplate(
    platformWith({
      stores: {
        main: {
          kind: "postgres",
          parameters: { log_min_duration_statement: "500", "rds.force_ssl": "0" },
          preloadLibraries: ["pg_stat_statements", "auto_explain"],
        },
      },
    }),
  );
  expect(propertiesOf(template, "MainParameters")["Parameters"]).toEqual({
    log_min_duration_statement: "500",
    shared_preload_libraries: "pg_stat_statements,auto_explain",
    "rds.force_ssl": "1",
  });
});

test("S5.03 master credentials are made by Secrets Manager, and every password is a reference", () => {
  expect(propertiesOf(development, "MainMasterSecret")).toMatchObject({
    Name: "saas-platform/development/main/master",
    KmsKeyId: { Ref: "ValueKeysSecrets" },
    GenerateSecretString: { GenerateStringKey: "password", PasswordLength: 40 },
  });
  for (const [name, template] of Object.entries(variants)) {
    expect(passwordsOf(template).every(isReference), name).toBe(true);
    const texts = Object.values(resourcesOf(template, "AWS::SecretsManager::Secret"));
    expect(
      texts.filter(({ Properties }) => Properties?.["SecretString"] !== undefined),
      name,
    ).toEqual([]);
  }
  expect(passwordsOf(main)).toHaveLength(3);
  expect(isReference("secret"), "a text is found").toBe(false);
});

function passwordsOf(template: Template): readonly unknown[] {
  return Object.values(template.Resources).flatMap(({ Properties = {} }) =>
    ["MasterUserPassword", "AuthToken"].flatMap((name) => Properties[name] ?? []),
  );
}

function isReference(value: unknown): boolean {
  return /^\{\{resolve:secretsmanager:<\w+>:SecretString:(password|token)\}\}$/.test(written(value));
}

test("S1.10 master credentials are rotated by AWS's function, which the database lets in; null rotates nothing", () => {
  expect(propertiesOf(production, "MainMasterRotationSchedule")).toMatchObject({
    SecretId: { Ref: "MainMasterSecret" },
    RotationRules: { AutomaticallyAfterDays: 30 },
    HostedRotationLambda: {
      RotationType: "PostgreSQLSingleUser",
      KmsKeyArn: { Ref: "ValueKeysSecrets" },
      VpcSecurityGroupIds: {
        "Fn::Join": [
          ",",
          [
            { "Fn::GetAtt": ["MainNetworkClient", "GroupId"] },
            { "Fn::GetAtt": ["MainMasterRotationFunctionGroup", "GroupId"] },
          ],
        ],
      },
    },
  });
  expect(transformsOf(production)).toEqual(["AWS::SecretsManager-2024-09-16"]);
  expect(resourcesOf(development, "AWS::SecretsManager::RotationSchedule")).toEqual({});
  expect(transformsOf(development)).toEqual([]);
  expect(propertiesOf(main, "DocumentsMasterRotationSchedule")["HostedRotationLambda"]).toHaveProperty(
    "RotationType",
    "MongoDBSingleUser",
  );
});

function transformsOf(template: Template & { readonly Transform?: string | readonly string[] }) {
  return [template.Transform ?? []].flat();
}

test("S5.04 S1.09 a store lets in its port from its client group and nothing else, and opens no connection", () => {
  for (const [name, template] of Object.entries(variants)) {
    const groups = resourcesOf(template, "AWS::EC2::SecurityGroup");
    for (const [id, { Properties = {} }] of Object.entries(groups)) {
      expect(Properties["SecurityGroupIngress"], `${name} ${id}`).toBeUndefined();
      if (id.endsWith("NetworkStore"))
        expect(Properties["SecurityGroupEgress"], `${name} ${id}`).toMatchObject([
          { CidrIp: "255.255.255.255/32" },
        ]);
    }
    for (const [id, { Properties = {} }] of Object.entries(
      resourcesOf(template, "AWS::EC2::SecurityGroupIngress"),
    )) {
      const store = id.replace("FromClients", "");
      expect(Properties, `${name} ${id}`).toMatchObject({
        GroupId: { "Fn::GetAtt": [`${store}Store`, "GroupId"] },
        SourceSecurityGroupId: { "Fn::GetAtt": [`${store}Client`, "GroupId"] },
      });
      expect(Properties).not.toHaveProperty("CidrIp");
    }
  }
  expect(propertiesOf(development, "MainNetworkFromClients")).toMatchObject({ FromPort: 5432, ToPort: 5432 });
  expect(onlyOf(development, "AWS::RDS::DBCluster").Properties?.["VpcSecurityGroupIds"]).toEqual([
    { "Fn::GetAtt": ["MainNetworkStore", "GroupId"] },
  ]);
});

test("S5.13 the endpoints of the cluster are outputs, and values for other stacks", () => {
  expect(development.Outputs?.["AuroraClusterEndpoint"]?.Value).toEqual({
    "Fn::GetAtt": ["MainCluster", "Endpoint.Address"],
  });
  expect(development.Outputs?.["AuroraClusterReaderEndpoint"]?.Value).toEqual({
    "Fn::GetAtt": ["MainCluster", "ReadEndpoint.Address"],
  });
  const values = Object.values(resourcesOf(development, "AWS::SSM::Parameter")).map(({ Properties }) =>
    String(Properties?.["Name"]),
  );
  expect(
    values.map((name) => name.replace("/saas-platform/development/stores/main/", "")).toSorted(),
  ).toEqual([
    "arn",
    "client-security-group",
    "endpoint",
    "identifier",
    "port",
    "reader-endpoint",
    "resource-id",
    "secret-arn",
  ]);
});

test("S5.16 disposable lets all be destroyed; protected keeps a snapshot, the secrets and the logs, and refuses deletion", () => {
  expect(onlyOf(development, "AWS::RDS::DBCluster")).toMatchObject({
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: { DeletionProtection: false, DeleteAutomatedBackups: true },
  });
  expect(
    new Set(Object.values(development.Resources).map(({ DeletionPolicy = "Delete" }) => DeletionPolicy)),
  ).toEqual(new Set(["Delete"]));
  expect(onlyOf(production, "AWS::RDS::DBCluster")).toMatchObject({
    DeletionPolicy: "Snapshot",
    UpdateReplacePolicy: "Snapshot",
    Properties: { DeletionProtection: true, DeleteAutomatedBackups: false, BackupRetentionPeriod: 7 },
  });
  expect(production.Resources["MainMasterSecret"]?.DeletionPolicy).toBe("RetainExceptOnCreate");
  expect(production.Resources["MainLogsPostgresql"]?.DeletionPolicy).toBe("RetainExceptOnCreate");
  expect(main.Resources["MainInstance"]?.DeletionPolicy).toBe("Snapshot");
  expect(main.Resources["MainReplica2"]?.DeletionPolicy, "a replica has no last snapshot").toBe("Delete");
});

test("S1.05 PostgreSQL 15 on RDS, Multi-AZ, backed up, with Performance Insights; 2, 1 and 1 instances of their classes", () => {
  expect(propertiesOf(main, "MainInstance")).toMatchObject({
    Engine: "postgres",
    EngineVersion: "15",
    DBInstanceClass: "db.r5.2xlarge",
    MultiAZ: true,
    BackupRetentionPeriod: 30,
    EnablePerformanceInsights: true,
    PerformanceInsightsRetentionPeriod: 7,
    PerformanceInsightsKMSKeyId: { Ref: "ValueKeysStoresMain" },
    AllocatedStorage: "100",
    MaxAllocatedStorage: 1000,
    StorageEncrypted: true,
    KmsKeyId: { Ref: "ValueKeysStoresMain" },
    EnableCloudwatchLogsExports: ["postgresql", "upgrade"],
  });
  expect(propertiesOf(main, "MainReplica2")).toMatchObject({
    SourceDBInstanceIdentifier: { Ref: "MainInstance" },
  });
  const classes = (template: Template) =>
    Object.values(resourcesOf(template, "AWS::RDS::DBInstance")).map(
      ({ Properties }) => Properties?.["DBInstanceClass"],
    );
  expect(classes(main)).toEqual(["db.r5.2xlarge", "db.r5.2xlarge"]);
  expect(classes(recovery)).toEqual(["db.r5.xlarge"]);
  expect(classes(staging)).toEqual(["db.r5.large"]);
});

test("S1.18 the recovery region follows the instance by its name, with a key and Multi-AZ of its own", () => {
  const name = propertiesOf(main, "MainInstance")["DBInstanceIdentifier"];
  const replica = propertiesOf(recovery, "MainInstance");
  expect(written(replica["SourceDBInstanceIdentifier"])).toBe(
    `arn:<AWS::Partition>:rds:us-east-1:<AWS::AccountId>:db:${String(name)}`,
  );
  expect(replica).toMatchObject({
    SourceRegion: "us-east-1",
    MultiAZ: true,
    KmsKeyId: { Ref: "ValueKeysStoresMain" },
    DeletionProtection: true,
  });
  expect(replica).not.toHaveProperty("MasterUserPassword");
  expect(recovery.Resources["MainInstance"]?.DeletionPolicy).toBe("RetainExceptOnCreate");
});

test("S1.18 credentials are copied to the recovery region, which makes none of its own", () => {
  expect(propertiesOf(main, "MainMasterSecret")["ReplicaRegions"]).toEqual([
    { Region: "us-west-2", KmsKeyId: { Ref: "ValueKeysCredentialsInUsWest2" } },
  ]);
  const databaseSecrets = Object.keys(resourcesOf(recovery, "AWS::SecretsManager::Secret"));
  expect(databaseSecrets).toEqual(["CacheToken"]);
  const copy = propertiesOf(recovery, "ProvideStoresMainSecretArn")["Value"];
  expect(JSON.stringify(copy)).toContain(
    '"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"ValueStoresMainCredentialsArnInUsEast1"}]}]',
  );
});

test("S1.06 S3.03 DocumentDB with TLS, audit log, encryption, and a global cluster that the recovery region joins", () => {
  expect(propertiesOf(main, "DocumentsCluster")).toMatchObject({
    EngineVersion: "5.0.0",
    StorageEncrypted: true,
    KmsKeyId: { Ref: "ValueKeysStoresDocuments" },
    EnableCloudwatchLogsExports: ["audit", "profiler"],
    DeletionProtection: true,
  });
  expect(propertiesOf(main, "DocumentsParameters")).toMatchObject({
    Family: "docdb5.0",
    Parameters: { tls: "enabled", audit_logs: "enabled" },
  });
  expect(Object.keys(resourcesOf(main, "AWS::DocDB::DBInstance"))).toHaveLength(2);
  const global = propertiesOf(main, "DocumentsGlobal")["GlobalClusterIdentifier"];
  const follower = propertiesOf(recovery, "DocumentsCluster");
  expect(follower).toMatchObject({ GlobalClusterIdentifier: global });
  expect(follower).not.toHaveProperty("MasterUsername");
  expect(resourcesOf(recovery, "AWS::DocDB::GlobalCluster")).toEqual({});
});

test("an Aurora global database begins with the primary's cluster, and the recovery region joins it", () => {
  const primary = dataTemplate(globalPlatform());
  const follower = dataTemplate(globalPlatform(), "recovery");
  const global = onlyOf(primary, "AWS::RDS::GlobalCluster").Properties;
  expect(global).toMatchObject({
    SourceDBClusterIdentifier: { "Fn::GetAtt": ["MainCluster", "DBClusterArn"] },
    DeletionProtection: true,
  });
  expect(onlyOf(follower, "AWS::RDS::DBCluster").Properties).toMatchObject({
    GlobalClusterIdentifier: global?.["GlobalClusterIdentifier"],
    SourceRegion: "us-east-1",
    KmsKeyId: { Ref: "ValueKeysStoresMain" },
  });
  expect(onlyOf(follower, "AWS::RDS::DBCluster").Properties).not.toHaveProperty("MasterUserPassword");
});

test("services that share a database have a user of their own, and not the administrator", () => {
  expect(written(propertiesOf(main, "MainApplicationSecret")["Name"])).toBe(
    "saas-platform/production/main/application",
  );
  expect(propertiesOf(main, "MainApplicationRotation")["RotateImmediatelyOnUpdate"]).toBe(false);
  expect(
    development.Resources["MainApplicationSecret"],
    "every tenant has a user of its own",
  ).toBeUndefined();
});

test("S1.09 everything that holds data is encrypted, by keys of ours where the definition wants them", () => {
  for (const [name, template] of Object.entries(variants)) {
    const ownKeys = !name.startsWith("AWS's");
    for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
      const where = `${name} ${id}`;
      if (Type === "AWS::RDS::DBCluster" || Type === "AWS::DocDB::DBCluster")
        expect(Properties["StorageEncrypted"], where).toBe(true);
      if (Type === "AWS::RDS::DBInstance" && Properties["MasterUsername"] !== undefined)
        expect(Properties["StorageEncrypted"], where).toBe(true);
      if (Type === "AWS::ElastiCache::ReplicationGroup")
        expect(Properties["AtRestEncryptionEnabled"], where).toBe(true);
      if (/DBCluster$|ReplicationGroup$|::Secret$|LogGroup$/.test(Type))
        expect("KmsKeyId" in Properties, where).toBe(ownKeys);
    }
  }
});

test("identifiers fit, and no two stores share one however their names are cut or joined", () => {
  const longest = { platform: "p".repeat(32), environment: "e".repeat(20), store: "s".repeat(24) };
  const shared = databaseIdentifier(longest);
  const own = databaseIdentifier(longest, "t".repeat(32));
  expect(`${shared}-16`.length).toBeLessThanOrEqual(63);
  expect(`${own}-16`.length).toBeLessThanOrEqual(63);
  expect(rotationFunctionName(shared).length).toBeLessThanOrEqual(64);
  expect(rotationFunctionName(own).length).toBeLessThanOrEqual(64);
  expect(databaseIdentifier({ platform: "a-b", environment: "c", store: "d" })).not.toBe(
    databaseIdentifier({ platform: "a", environment: "b-c", store: "d" }),
  );
  expect(databaseIdentifier({ ...longest, store: `${"s".repeat(23)}t` })).not.toBe(shared);
  expect(shared).toMatch(/^[a-z](-?[a-z0-9])*$/);
  expect(own).toMatch(/^[a-z](-?[a-z0-9])*$/);
});
