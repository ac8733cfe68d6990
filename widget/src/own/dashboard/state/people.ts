import { signal } from "@preact/signals";
import { type Answer, call, type Desk, type Hint, type Params, t } from "../desk.ts";
import { own } from "../focus.ts";
import type { Person, PersonDetail } from "../shapes.ts";
import { Claims } from "./claims.ts";
import { Invitations } from "./invitations.ts";
import { Listing } from "./listing.ts";

export const filters = ["", "new", "staff"] as const;

/** People is the list of who writes here, and the one person that is looked at. */
export class People {
	readonly filter: string;
	readonly q: string;
	readonly list: Listing<Person>;
	readonly open = signal(""); // whom the drawer is about
	readonly inviting = signal(false); // the drawer asks whom to invite
	readonly person = signal<PersonDetail | null>(null); // null while it is read
	readonly failed = signal(""); // why he could not be read
	readonly news = signal(false); // somebody else has acted; it waits behind a line
	private shown = "";
	private readonly came: string; // whom another screen led to
	private ours = own();
	readonly invitations: Invitations;
	readonly claims: Claims;

	constructor(
		readonly desk: Desk,
		p: Params,
		private readonly busy: () => boolean, // somebody is at work in the drawer
		private readonly closed: (id: string) => void,
	) {
		this.filter = filters.find((f) => f === p["filter"]) ?? "";
		this.q = p["q"] ?? "";
		this.list = new Listing<Person>(desk, "/moderation/people", { filter: this.filter, q: this.q }, "people");
		void this.list.load();
		this.invitations = new Invitations(desk);
		this.claims = new Claims(desk);
		this.came = p["person"] ?? "";
		if (this.came) void this.turn(this.came);
	}

	/** show opens the drawer for a person, or with "" closes it. */
	readonly show = async (id: string): Promise<void> => {
		if (id && id === this.shown) return; // what is typed there stays
		if (id) this.inviting.value = false;
		const was = this.open.value;
		if (!id && was !== "" && was === this.came && this.desk.back()) return; // where one was reading
		if (this.desk.aside(this.here(id), id === "" ? "close" : was === "" ? "open" : "swap")) return;
		await this.turn(id);
	};

	private here(person: string): Params {
		return { screen: "people", filter: this.filter, q: this.q, person };
	}

	/** follow goes where the browser's buttons led; false: that is no drawer of this list. */
	readonly follow = (p: Params): boolean => {
		if (p["screen"] !== "people" || (p["filter"] ?? "") !== this.filter || (p["q"] ?? "") !== this.q) return false;
		void this.turn(p["person"] ?? "");
		return true;
	};

	private async turn(id: string): Promise<void> {
		const was = this.open.value;
		this.shown = id;
		this.person.value = null;
		this.failed.value = "";
		this.news.value = false;
		this.open.value = id;
		this.ours = own();
		if (id) await this.load(id);
		else if (!this.inviting.value) this.closed(was);
	}

	/** invite opens or closes the form that asks somebody to help. */
	readonly invite = (on: boolean): void => {
		if (on && !this.desk.may("role")) return;
		if (on && this.open.value) void this.show("");
		this.inviting.value = on;
	};

	/** invited says who was; it stands above the team until they accept. */
	readonly invited = (email: string): void => {
		this.inviting.value = false;
		this.desk.toast(t("did_invite", { email }));
		void this.invitations.load();
	};

	private async load(id: string): Promise<void> {
		const r = await call<PersonDetail>("GET", this.desk.api(`/moderation/people/${id}`));
		if (this.open.value !== id) return;
		if (r.body) this.changed(r.body);
		else this.failed.value = r.status === 404 ? t("no_person") : r.detail;
	}

	/** again reads the person anew. */
	readonly again = (): void => void this.load(this.open.value);

	/** changed is how the person stands after an act. */
	readonly changed = (person: PersonDetail): void => {
		if (this.open.value !== person.id) return;
		this.failed.value = "";
		this.news.value = false;
		this.person.value = person;
		this.list.change(
			(row) => row.id === person.id,
			() => person,
		);
	};

	/** send waits for the hint of an act of ours. */
	readonly send = (sent: Promise<Answer<PersonDetail>>): Promise<Answer<PersonDetail>> => this.ours.send(sent);

	/** hint takes what the socket says about the person. */
	hint(x: Hint): void {
		if (x.type === "person" && (x.action === "invite" || x.action === "uninvite" || x.action === "role")) this.joined(x);
		if (x.type === "person" && x.action?.includes("claim")) void this.claims.load();
		if (x.type === "person" && x.id && x.id === this.open.value) void this.hinted(x.id);
	}

	/** joined follows invitations that are made, taken back and accepted, by others too. */
	private joined(x: Hint): void {
		void this.invitations.load();
		if (x.action === "role" && this.filter === "staff" && !this.list.rows.value.some((row) => row.id === x.id)) void this.list.load();
	}

	private async hinted(id: string): Promise<void> {
		if ((await this.ours.is()) || id !== this.open.value) return;
		if (this.busy()) this.news.value = true;
		else this.again();
	}
}
