import { errors } from "../errors.ts";
import type { ToolkitPorts } from "../ports.ts";
import { allItemsOf, connectTenantApi, itemsOf, type TenantApi } from "../tenant-api/tenant-api.ts";

interface TenantRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  readonly tenant: string;
}

export interface MemberView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly status: "active" | "suspended";
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

export interface InvitationView {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly expiresAt: string;
}

/** The members of a tenant, and the invitations that nobody has accepted yet. */
export async function listMembers(
  request: TenantRequest,
  ports: ToolkitPorts,
): Promise<{ readonly members: readonly MemberView[]; readonly invitations: readonly InvitationView[] }> {
  const api = await connectTenantApi(request, ports);
  return {
    members: await allItemsOf<MemberView>(api, "/v2/members"),
    invitations: await allItemsOf<InvitationView>(api, "/v2/invitations"),
  };
}

/** Invites somebody. The token is told once; whoever has it becomes the member. */
export async function inviteMember(
  request: TenantRequest & { readonly email: string; readonly role: string },
  ports: ToolkitPorts,
): Promise<{ readonly invitation: InvitationView; readonly token: string; readonly url: string }> {
  const api = await connectTenantApi(request, ports);
  const { email, role } = request;
  const body = (await api.ask({ method: "POST", path: "/v2/invitations", body: { email, role } })) as {
    readonly token: string;
  } & InvitationView;
  const { token, ...invitation } = body;
  return { invitation, token, url: api.url };
}

export interface MemberChange {
  readonly role?: string | undefined;
  readonly status?: "active" | "suspended" | undefined;
}

/** Gives a member another role, or suspends it, or lets it in again. */
export async function changeMember(
  request: TenantRequest & { readonly member: string; readonly change: MemberChange },
  ports: ToolkitPorts,
): Promise<{ readonly member: MemberView }> {
  const api = await connectTenantApi(request, ports);
  const { id } = await findMember(api, request.member);
  const member = await api.ask({ method: "PATCH", path: `/v2/members/${id}`, body: request.change });
  return { member: member as MemberView };
}

/** Removes a member; what it has signed in to ends. */
export async function removeMember(
  request: TenantRequest & { readonly member: string },
  ports: ToolkitPorts,
): Promise<{ readonly member: MemberView }> {
  const api = await connectTenantApi(request, ports);
  const member = await findMember(api, request.member);
  await api.ask({ method: "DELETE", path: `/v2/members/${member.id}` });
  return { member };
}

/** A member by its mail address or id. @throws TOOLKIT_MEMBER_UNKNOWN */
async function findMember(api: TenantApi, named: string): Promise<MemberView> {
  for await (const member of itemsOf<MemberView>(api, "/v2/members")) {
    if (member.id === named || member.email === named.toLowerCase()) return member;
  }
  throw errors.TOOLKIT_MEMBER_UNKNOWN({ tenant: api.tenant, member: named });
}
