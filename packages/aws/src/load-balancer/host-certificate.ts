import { CfnCertificate } from "aws-cdk-lib/aws-certificatemanager";
import { CfnListenerCertificate } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { Construct } from "constructs";

export interface HostCertificateProps {
  /** The first is the certificate's own name; all are in the hosted zone. A wildcard covers one label, never two. */
  readonly hosts: readonly [string, ...string[]];
  /** Route 53 zone that answers for the hosts; ACM proves there that they are ours, now and at each renewal. */
  readonly hostedZoneId: string;
  /** A listener that gets it besides its own; null where the listener is made with it. */
  readonly listenerArn: string | null;
}

/**
 * An ACM certificate. A load balancer takes 25 besides its own unless the quota is raised (Service Quotas, L-9365A611), and
 * chooses by the host that the caller names (SNI).
 */
export class HostCertificate extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: HostCertificateProps) {
    super(scope, id);
    const { hostedZoneId, hosts, listenerArn } = props;
    const [domainName, ...others] = hosts;
    const certificate = new CfnCertificate(this, "Resource", {
      domainName,
      ...(others.length === 0 ? {} : { subjectAlternativeNames: others }),
      validationMethod: "DNS",
      domainValidationOptions: hosts.map((host) => ({ domainName: host, hostedZoneId })),
    });
    this.arn = certificate.ref;
    if (listenerArn !== null) {
      new CfnListenerCertificate(this, "OnListener", {
        listenerArn,
        certificates: [{ certificateArn: this.arn }],
      });
    }
  }
}
