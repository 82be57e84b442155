import type { Platform } from "@tenantry/model";
import { CfnListener } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { Construct } from "constructs";
import { acknowledge } from "../stack/acknowledge.ts";

export interface ListenersProps {
  readonly loadBalancerArn: string;
  /** ARN of the ACM certificate; null for HTTP, which nothing protects on its way. */
  readonly certificateArn: string | null;
  /** Oldest TLS that callers may use. */
  readonly tlsMinimum: Platform["routing"]["tlsMinimum"];
  /** Whether HTTP is answered with where HTTPS is. Behind CloudFront nobody can ask. */
  readonly redirectHttp: boolean;
  /** The answer where no rule matches. */
  readonly unknownHost: Platform["routing"]["unknownHost"];
}

/**
 * AWS's newest policies of that kind; they also agree on keys that a quantum computer does not find later (ML-KEM), with callers
 * that can. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const tlsPolicies: Readonly<Record<ListenersProps["tlsMinimum"], string>> = {
  "1.2": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "1.3": "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
};

/** The listener that services put their rules on, and the redirection to it. */
export class Listeners extends Construct {
  /** ARN of the listener that takes the rules. */
  readonly listenerArn: string;

  constructor(scope: Construct, id: string, props: ListenersProps) {
    super(scope, id);
    const { certificateArn, loadBalancerArn, unknownHost } = props;
    const defaultActions: CfnListener.ActionProperty[] = [
      {
        type: "fixed-response",
        fixedResponseConfig: {
          statusCode: String(unknownHost.status),
          contentType: "text/plain",
          messageBody: unknownHost.body,
        },
      },
    ];
    const listener = new CfnListener(this, certificateArn === null ? "Http" : "Https", {
      loadBalancerArn,
      defaultActions,
      ...(certificateArn === null
        ? { port: 80, protocol: "HTTP" }
        : {
            port: 443,
            protocol: "HTTPS",
            sslPolicy: tlsPolicies[props.tlsMinimum],
            certificates: [{ certificateArn }],
          }),
    });
    if (certificateArn === null) {
      acknowledge(listener, "AwsSolutions-ELB3", 'The environment says routing.listener: "http".');
    }
    this.listenerArn = listener.ref;
    if (certificateArn !== null && props.redirectHttp) {
      new CfnListener(this, "Redirect", {
        loadBalancerArn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          {
            type: "redirect",
            redirectConfig: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
          },
        ],
      });
    }
  }
}
