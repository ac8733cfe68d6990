// Made by `go run ./widget` from static/assets/openapi.json. Not to be edited.

export interface Alert {
	code: "nobody" | "mail_off" | "mail_failing" | "mail_given_up" | "mail_held" | "provider_failing" | "read_only" | "disk" | "backups";
	do: string;
	section: string;
	sentence: string;
}

export interface Alerts {
	alerts: Alert[];
}

export interface Alike {
	id: string;
	key: string;
	like: string;
	like_id: string;
}

export interface AuditEntry {
	action: string;
	after: string;
	at: string;
	before: string;
	by: string;
	by_id: string;
	erased: boolean;
	hash: string;
	id: number;
	kind: string;
	note: string;
	reason: string;
	rule: number;
	target: string;
	target_name: string;
}

export interface AuditPage {
	entries: AuditEntry[];
	next_cursor: string | null;
}

export interface AuthWay {
	id: string;
	kind: string;
	label: string;
}

export interface Author {
	avatar_url: string;
	badges: string[];
	guest: boolean;
	id: string;
	name: string;
}

export interface Ban {
	reason: string;
	until: string | null;
}

export interface BanShape {
	by: string;
	created_at: string;
	email_domain: string;
	id: string;
	instance: boolean;
	ip_range: string;
	kind: string;
	name: string;
	person: string;
	reason: string;
	until: string | null;
	what: string;
}

export interface Banned {
	reason: string;
	until: string | null;
}

export interface Bans {
	bans: BanShape[];
	next_cursor: string | null;
}

export interface Beside {
	author_banned: boolean;
	author_level: string;
	author_published: number;
	author_since: string;
	author_warnings: number;
	decided_at: string | null;
	decided_by: string;
	findings: Finding[];
	likeness: string;
	parent_text: string;
	policy: number;
	reason: string;
	risk: number;
	verdict: string;
	waiting_since: string | null;
}

export interface BodyRequest {
	body: string;
}

export interface Card {
	avatar_url: string;
	badges: string[];
	comments: number;
	guest: boolean;
	id: string;
	name: string;
	picks: number;
	profile_url: string | null;
	since: string;
}

export interface CeremonyAnswer {
	options: Record<string, unknown>;
	ticket: string;
}

export interface CeremonyRequest {
	answer: Record<string, unknown>;
	name?: string;
	ticket: string;
}

export interface CheckedPage {
	answer: "gone" | "moved" | "elsewhere" | "failed";
	comment_count: number;
	id: string;
	into: string | null;
	key: string;
	new_key: string | null;
	page: string;
	status: number;
	title: string;
	to: string | null;
}

export interface ChecksBeginRequest {
	page: string;
}

export interface ChecksCheck {
	address: string;
	expires_at: string;
	findings: InstallcheckFinding[];
	first_seen_at: string | null;
	last_seen_at: string | null;
	looked_at: string | null;
	page: string;
	reported_at: string | null;
	reported_by: string;
	state: "waiting" | "arrived";
	token: string;
	verdict: "waiting" | "ok" | "warn" | "bad";
}

export interface ChecksHeard {
	cookie: boolean;
	listed: boolean;
	now: number;
}

export interface ChecksReportDoc {
	api: string;
	base: string;
	build: string;
	by: string;
	canonical: string[];
	clock: number;
	elements: InstallcheckElement[];
	framed: boolean;
	handles: boolean;
	held: string;
	insecure: boolean;
	late: number;
	loads: number;
	managers: string[];
	opener: string;
	page: string;
	policy: InstallcheckViolation[];
	rtt: number;
	sandboxed: boolean;
	scripts: string[];
	socket: string;
	worker: string;
}

export interface ChooseMailRequest {
	replies: "now" | "hourly" | "daily" | "off";
}

export interface Claim {
	comment_count: number;
	first_at: string;
	id: string;
	last_at: string;
	name: string;
	sample: ClaimSample[];
	site: ClaimSite;
	source: string;
	state: "open" | "asked" | "declined";
}

export interface ClaimAnswer {
	bearer?: string;
	user: User;
}

export interface ClaimDecision {
	approve: boolean | null;
}

export interface ClaimRequest {
	bearer?: boolean;
	txn: string;
	verifier: string;
}

export interface ClaimRequestType2 {
	mine: boolean | null;
}

export interface ClaimSample {
	created_at: string;
	id: string;
	text: string;
	title: string;
	url: string;
}

export interface ClaimSite {
	key: string;
	name: string;
}

export interface Claimed {
	asked_at: string;
	by: string;
	comment_count: number;
	first_at: string;
	id: string;
	last_at: string;
	name: string;
	person: string;
	sample: ClaimSample[];
	source: string;
}

export interface Claims {
	claims: Claim[];
}

export interface ClaimsType2 {
	claims: Claimed[];
}

export interface Comment {
	author: Author | null;
	body?: string | null;
	created_at: string;
	depth: number;
	down: number;
	edited_at: string | null;
	featured: boolean;
	held?: string;
	html: string;
	id: string;
	in_reply_to: InReplyTo | null;
	low: boolean;
	parent_id: string | null;
	pinned: boolean;
	reactions: Record<string, number>;
	removal?: Removal;
	replies: Comment[];
	replies_cursor: string | null;
	reply_count: number;
	root_id: string;
	status: string;
	thread_id: string;
	up: number;
}

export interface CommentInPlace {
	ancestors: Comment[];
	comment: Comment;
	thread: Thread | null;
}

export interface CommentList {
	comments: Comment[];
	next_cursor: string | null;
}

export interface CommentType2 {
	comment: Comment;
}

export interface Comments {
	comments: Comment[];
	next_cursor: string | null;
	site?: Site;
	thread: Thread | null;
}

export interface Counts {
	counts: Record<string, number>;
}

export interface DecidedSite {
	key: string;
	name: string;
	rules_url: string;
}

export interface Decision {
	comment: Comment;
	site: DecidedSite;
	title: string;
	url: string;
}

export interface DecisionRequest {
	action: string;
	comment_id: string;
	discount_reporters?: boolean;
	edited_at?: string | null;
	note?: string;
	override?: boolean;
	reason?: string;
	status?: "published" | "pending" | "rejected" | "spam" | "deleted";
}

export interface DecisionResult {
	comment_id: string;
	decided_at: string | null;
	decided_by: string | null;
	discounted: number;
	error: string | null;
	ok: boolean;
	status: string | null;
}

export interface Decisions {
	decisions: Decision[];
	next_cursor: string | null;
}

export type DecisionsRequestType2 = DecisionRequest[];

export interface DecisionsType2 {
	results: DecisionResult[];
	undo: string | null;
	undo_until: string | null;
}

export interface EditRequest {
	body: string;
	mentions?: PersonChosen[];
}

export interface EmailRequest {
	email: string;
}

export interface Erase {
	erase_at: string;
}

export interface Event {
	comment_count?: number | null;
	down?: number | null;
	id?: string;
	parent_id?: string;
	reactions?: Record<string, number>;
	root_id?: string;
	seq: number;
	type: string;
	up?: number | null;
}

export interface Events {
	events: Event[];
	reset: boolean;
	seq: number;
}

export interface FailedJob {
	attempts: number;
	created_at: string;
	failed_at: string;
	id: string;
	kind: string;
	site: string;
	why: string;
}

export interface FailedJobs {
	jobs: FailedJob[];
}

export interface FieldError {
	field: string;
	message: string;
}

export interface Figures {
	accuracy: number;
	bad: number;
	base_accuracy: number;
	decisions: number;
	good: number;
	held_out: number;
	on: boolean;
	precision: number;
	ready: boolean;
	recall: number;
}

export interface Finding {
	check: string;
	count: number;
	detail: string;
	marks: string[];
	score: number;
	wish: string;
}

export interface FollowRequest {
	title?: string;
	url?: string;
}

export interface FormDataImageForm {
	file?: MultipartFile;
}

export interface FormDataImportForm {
	file?: MultipartFile;
	format?: string;
	map_column?: string[];
	map_host?: string[];
	map_path?: string[];
}

export interface Found {
	author: Author | null;
	body?: string | null;
	created_at: string;
	depth: number;
	down: number;
	edited_at: string | null;
	featured: boolean;
	held?: string;
	html: string;
	id: string;
	in_reply_to: InReplyTo | null;
	low: boolean;
	marks: number[][];
	parent_id: string | null;
	pinned: boolean;
	reactions: Record<string, number>;
	removal?: Removal;
	replies: Comment[];
	replies_cursor: string | null;
	reply_count: number;
	root_id: string;
	status: string;
	text: string;
	thread?: Thread;
	thread_id: string;
	up: number;
}

export interface GuestFollowRequest {
	email: string;
}

export interface GuestRequest {
	email?: string;
	name: string;
}

export interface HeldRequest {
	act: "send" | "drop";
}

export interface Id {
	id: string;
}

export interface Identity {
	created_at: string;
	label: string;
	name: string;
	provider: string;
	used_at: string;
}

export interface Image {
	color: string;
	height: number;
	id: string;
	url: string;
	width: number;
}

export interface ImageType2 {
	blur: "" | "new" | "site" | "mod" | "held";
	checked: boolean;
	color: string;
	height: number;
	id: string;
	state: "" | "held" | "illegal";
	url: string;
	width: number;
}

export interface ImageType3 {
	image: ImageType2;
}

export interface Import {
	added: Moved;
	by: string;
	created_at: string;
	ended_at: string | null;
	file: boolean;
	how: ImportHow;
	id: string;
	name: string;
	next_part: number;
	part: number;
	progress: ImportProgress | null;
	received: number;
	report: ImportReport | null;
	size: number;
	source: string;
	state: "reading" | "ready" | "applying" | "done" | "failed" | "undone";
	undo: Undone | null;
	undoing: boolean;
	undone_at: string | null;
	why: string;
}

export interface ImportHost {
	comments: number;
	host: string;
	pages: number;
}

export interface ImportHow {
	format: string;
	map_column: Record<string, string>;
	map_host: Record<string, string>;
	map_path: string[];
}

export interface ImportJoin {
	adds: number;
	here: number;
	key: string;
	title: string;
}

export type ImportNumber = number;

export interface ImportProgress {
	done: number;
	job: "read" | "apply" | "undo";
	rate: number;
	seconds_left: number | null;
	total: number;
}

export interface ImportReport {
	comments: number;
	foreign_hosts: string[];
	hosts: ImportHost[];
	joined: number;
	joins: ImportJoin[];
	known: number;
	people: number;
	skipped: SkippedGroup[];
	statuses: Record<string, number>;
	threads: number;
}

export interface Imports {
	imports: Import[];
	next_cursor: string | null;
}

export interface InReplyTo {
	author_name: string | null;
	id: string;
}

export interface InstallcheckElement {
	hidden: string;
	mode: string;
	rule: string;
	site: string;
	thread: string;
}

export interface InstallcheckFinding {
	code: string;
	copy?: string;
	copy_as?: "line" | "tag" | "address";
	do: string;
	level: "ok" | "warn" | "bad";
	sentence: string;
}

export interface InstallcheckViolation {
	blocked: string;
	directive: string;
	only: boolean;
}

export interface Invitation {
	by: string;
	created_at: string;
	email: string;
	expired: boolean;
	expires_at: string;
	id: string;
	name: string;
	role: string;
}

export interface Invitations {
	invitations: Invitation[];
}

export interface InviteRequest {
	email: string;
	name: string;
	role: string;
}

export interface Kept {
	seconds: number;
	text: string;
	until: string;
	what: string;
}

export interface KnownProvider {
	callback_url: string;
	failed_at: string | null;
	failed_step: string;
	failure: string;
	instance: boolean;
	label: string;
	last_used_at: string | null;
	provider: string;
	state: string;
}

export interface Latest {
	comments: Comment[];
}

export interface LeftAlone {
	comment_id: string;
	decided_at: string | null;
	decided_by: string | null;
	status: string | null;
}

export interface LifeRequest {
	act: "archive" | "reopen" | "delete" | "keep";
	confirm?: string;
}

export interface Listed {
	aliases: string[];
	authors: Named[];
	closes_at: string | null;
	comment_count: number;
	created_at: string;
	id: string;
	key: string;
	last_comment_at: string | null;
	mode: string;
	slow_seconds: number;
	state: string;
	title: string;
	url: string;
	waiting: number;
}

export interface LoginAnswer {
	expires_at?: string;
	site?: string;
	token?: string;
	user?: User;
}

export interface LoginRequest {
	code?: string;
	email: string;
	password: string;
	session?: "cookie" | "token" | "frame";
}

export interface LookRequest {
	until: string;
}

export interface Looked {
	looked_at: string;
}

export interface Magic {
	id: string;
}

export interface Mail {
	address: boolean;
	replies: "now" | "hourly" | "daily" | "off";
}

export interface MailRequestType2 {
	email: string;
}

export interface MailTest {
	to: string;
}

export interface Me {
	accept?: string;
	ban: Ban | null;
	desk: string;
	following: boolean;
	follows: string[];
	images?: boolean;
	live: string;
	mine: string[];
	mutes: string[];
	page_reactions: string[];
	pending: Comment[];
	reactions: Record<string, string[]>;
	removed: Comment[];
	roles: string[];
	tier?: boolean;
	unread: number;
	user: User | null;
	votes: Record<string, number>;
	waits: Waits | null;
	warnings: Warning[];
}

export interface MeAnswer {
	audit_mail: boolean | null;
	lang: string;
	mail_replies: "now" | "hourly" | "daily" | "off";
	name: string;
}

export interface MeChange {
	audit_mail?: boolean | null;
	lang?: string | null;
	mail_replies?: "now" | "hourly" | "daily" | "off";
	name?: string | null;
}

export interface Membership {
	ban: Banned | null;
	comments: number;
	name: string;
	role: string;
	site: string;
	warnings: Warning[];
}

export interface Mentionable {
	people: MentionableType2[];
}

export interface MentionableType2 {
	avatar_url: string;
	badges: string[];
	comments: number;
	guest: boolean;
	id: string;
	name: string;
}

export interface MergeRequest {
	into: string;
}

export interface Merged {
	comments: number;
	into: string;
	running: boolean;
	undo: string | null;
	undo_until: string | null;
}

export interface Merges {
	merges: Running[];
}

export interface Moved {
	comments: number;
	people: number;
	threads: number;
}

export type MultipartFile = string;

export interface Name {
	name: string;
}

export interface Named {
	id: string;
	name: string;
}

export interface Neighbour {
	banned: boolean;
	id: string;
	name: string;
	seen_at: string;
}

export interface NewImportRequest {
	format?: string;
	map_column?: Record<string, string>;
	map_host?: Record<string, string>;
	map_path?: string[];
	name: string;
	size: number;
}

export interface NewSiteRequest {
	key: string;
	name: string;
	origins: string[];
	preset?: "blog" | "newsroom";
}

export interface News {
	new_comments: "each" | "hourly" | "daily" | "never";
}

export interface NewsRequest {
	new_comments: "each" | "hourly" | "daily" | "never";
}

export interface Night {
	from: string;
	mode: "newcomers" | "guests" | "links" | "all";
	until: string;
}

export interface Note {
	by: string;
	created_at: string;
	kind: string;
	seen_at: string | null;
	text: string;
}

export interface Notice {
	outcome: string;
	receipt: string;
}

export interface NoticeRequest {
	email: string;
	good_faith: boolean;
	image?: string;
	name: string;
	why: string;
}

export interface Notification {
	actor: Author | null;
	at: string;
	comment: Comment;
	count: number;
	id: string;
	kind: "reply" | "mention" | "thread" | "reactions" | "published" | "refused" | "removed" | "picked";
	read: boolean;
	site: ToldOn;
	title: string;
	url: string;
}

export interface Notifications {
	next_cursor: string | null;
	notifications: Notification[];
	unread: number;
}

export interface OldLink {
	comment: string;
}

export interface OnImageRequest {
	act: "blur" | "unblur" | "open" | "clear" | "illegal";
}

export interface OpenNotice {
	created_at: string;
	email: string | null;
	good_faith: boolean;
	name: string | null;
	receipt: string;
	why: string;
}

export interface Operator {
	email: string;
	id: string;
	name: string;
	you: boolean;
}

export interface OperatorRequest {
	email: string;
	on: boolean;
}

export interface Origin {
	allowed: boolean;
	origin: string;
}

export interface Overview {
	audit_mail: boolean | null;
	avatar_url: string;
	email: string;
	erase_at: string | null;
	fresh: boolean;
	id: string;
	identities: Identity[];
	lang: string;
	mail_replies: "now" | "hourly" | "daily" | "off";
	name: string;
	passkeys: Passkey[];
	password: boolean;
	second_factor: boolean;
	sites: Membership[];
}

export interface PageCheck {
	began_at: string | null;
	cut: boolean;
	done: number;
	ended_at: string | null;
	rows: CheckedPage[];
	running: boolean;
	stopped: boolean;
	total: number;
	unasked: number;
}

export interface Passkey {
	created_at: string;
	id: string;
	name: string;
	used_at: string | null;
}

export interface PasskeyLogin {
	answer: Record<string, unknown>;
	ticket: string;
}

export interface PasskeyQuestion {
	options: Record<string, unknown>;
	ticket: string;
}

export interface PasswordRequest {
	new: string;
	old?: string;
}

export interface Past {
	created_at: string;
	id: string;
	status: string;
	text: string;
}

export interface People {
	next_cursor: string | null;
	people: PersonShape[];
}

export interface Person {
	approved_share: number | null;
	avatar_url: string;
	badges: string[];
	ban: BanShape | null;
	comments: number;
	demoted: boolean;
	email: string | null;
	guest: boolean;
	id: string;
	invited: boolean;
	level: string;
	name: string;
	networks: string[];
	notes: Note[];
	posts_to_member: number;
	published: number;
	record: Past[];
	rejected: number;
	reports: number;
	reports_agreed: number;
	reports_discounted_until: string | null;
	reports_dismissed: number;
	reports_made: number;
	role: string;
	same_network: Neighbour[];
	seen_at: string | null;
	since: string;
	switched_off: boolean;
	trust: string;
	via: string;
	warnings: number;
}

export interface PersonChosen {
	id: string;
	name: string;
}

export interface PersonShape {
	approved_share: number | null;
	avatar_url: string;
	badges: string[];
	ban: BanShape | null;
	comments: number;
	guest: boolean;
	id: string;
	invited: boolean;
	level: string;
	name: string;
	published: number;
	role: string;
	seen_at: string | null;
	since: string;
	switched_off: boolean;
	trust: string;
	via: string;
	warnings: number;
}

export interface Picture {
	avatar_url: string;
}

export type Placed = number;

export interface PolicyShape {
	banned: Word[];
	changed_at?: string | null;
	rules: Rule[];
	suspect: Word[];
	version: number;
}

export interface PostRequest {
	as?: "team";
	body: string;
	guest?: GuestRequest;
	mentions?: PersonChosen[];
	parent_id?: string | null;
	thread: string;
	title?: string;
	url?: string;
}

export interface Preview {
	html: string;
}

export interface PreviewRequest {
	body: string;
}

export interface Problem {
	challenge?: Puzzle;
	code: string;
	detail: string;
	errors?: FieldError[];
	reason?: string;
	status: number;
	title: string;
	type: string;
	until?: string | null;
	warnings?: Warning[];
}

export interface ProofRequest {
	code?: string;
	password?: string;
}

export interface Push {
	devices: PushDevice[];
	quiet_from: string;
	quiet_until: string;
	text: boolean;
	zone: string;
}

export interface PushChoices {
	quiet_from: string;
	quiet_until: string;
	text: boolean;
	zone: string;
}

export interface PushDevice {
	created_at: string;
	ends: string;
	id: string;
	name: string;
	used_at: string | null;
}

export interface PushKey {
	key: string;
}

export interface PushKeysRequest {
	auth: string;
	p256dh: string;
}

export interface PushMade {
	id: string;
}

export interface PushRequest {
	endpoint: string;
	expirationTime?: number | null;
	keys: PushKeysRequest;
}

export interface Puzzle {
	algorithm: string;
	challenge: string;
	maxnumber: number;
	salt: string;
	signature: string;
}

export interface Queue {
	comments: Comment[];
	context: Record<string, Beside>;
	images: Record<string, ImageType2[]>;
	looked_at: string | null;
	next_cursor: string | null;
	notices: Record<string, OpenNotice[]>;
	reports: Record<string, Report[]>;
	threads: Record<string, QueueThread>;
}

export interface QueueCounts {
	counts: Record<string, number>;
	most: number;
}

export interface QueueThread {
	key: string;
	state: string;
	title: string;
	url: string;
}

export interface Reach {
	most: number;
	people: number;
}

export interface React {
	reactions: Record<string, number>;
}

export interface ReactRequest {
	on: boolean;
}

export interface ReactToPageRequest {
	on: boolean;
}

export interface ReadRequest {
	until: string;
}

export interface Receipt {
	receipt: string;
}

export interface Recovery {
	recovery_codes: string[];
}

export interface RefusedOrigin {
	count: number;
	first_at: string;
	last_at: string;
	origin: string;
}

export interface RegisterRequest {
	email: string;
	name: string;
	password: string;
}

export interface Remap {
	clashes: number;
	foreign: number;
	merged: number;
	next: string | null;
	renamed: number;
	rows: RemapRow[];
}

export interface RemapRow {
	comment_count: number;
	does: "rename" | "merge" | "clash" | "foreign";
	from: string;
	id: string;
	into: string | null;
	running: boolean;
	title: string;
	to: string;
	undo: string | null;
}

export interface Removal {
	decided_at: string;
	public: boolean;
	reason: string;
}

export interface Report {
	created_at: string;
	discounted_until: string | null;
	network: number;
	note: string;
	reason: string;
	reporter_id: string;
	reporter_name: string;
	reports_decided: number;
	reports_upheld: number;
	weight: number;
}

export interface ReportRequest {
	image?: string;
	note?: string;
	reason: string;
}

export interface Retention {
	kept: Kept[];
	privacy_url: string;
}

export interface Retried {
	retried: number;
}

export interface Revision {
	html: string;
	public: boolean;
	replaced_at: string;
}

export interface Revisions {
	revisions: Revision[];
}

export interface Rule {
	action: string;
	name: string;
	pattern: string;
}

export interface Rules {
	banned: Word[];
	changed_at?: string | null;
	classifier: Figures;
	rules: Rule[];
	suspect: Word[];
	version: number;
}

export interface RulesDoc {
	banned?: unknown[];
	rules?: Rule[];
	suspect?: unknown[];
	version?: number;
}

export interface Running {
	comments: number;
	from: string;
	id: string;
	into: string;
	into_title: string;
	key: string;
	moved: number;
	title: string;
	undoing: boolean;
}

export interface Search {
	comments: Found[];
	next_cursor: string | null;
}

export interface Second {
	secret: string;
	ticket: string;
	uri: string;
}

export interface SecondRequest {
	code: string;
	ticket: string;
}

export interface Secret {
	set: boolean;
}

export interface Server {
	backups: ServerBackups;
	disk: ServerDisk;
	mail: ServerMail;
	operators: Operator[];
	public_url: string;
	sites: ServerSite[];
	version: string;
}

export interface ServerBackups {
	every_hours: number;
	folder: string;
	good: boolean;
	keep: number;
	newest_at: string | null;
	newest_bytes: number;
	newest_file: string;
	trouble: string;
}

export interface ServerDisk {
	bytes: number;
	database: string;
	free_bytes: number;
	read_only: boolean;
}

export interface ServerMail {
	failed: number;
	held: number;
	last_sent_at: string | null;
	outbound: boolean;
	relay: boolean;
	sent_last_day: number;
	waiting: number;
}

export interface ServerSite {
	archived_at: string | null;
	comments: number;
	deletes_at: string | null;
	key: string;
	name: string;
	origins: string[];
	threads: number;
}

export interface Session {
	agent: string;
	created_at: string;
	current: boolean;
	expires_at: string;
	id: string;
	kind: string;
	name: string;
	scopes: string[];
	site: string;
	used_at: string;
}

export interface Sessions {
	sessions: Session[];
}

export interface SettingChange {
	at: string;
	by: string;
}

export interface Settings {
	accounts: boolean;
	akismet_key: Secret;
	archived_at: string | null;
	ask_standards: boolean;
	blur_images: "newcomers" | "all" | "off";
	burst: number;
	challenge: boolean;
	changes: Record<string, SettingChange>;
	classifier: boolean;
	close_days: number;
	closed_all: boolean;
	closed_paths: string[];
	deletes_at: string | null;
	edit_window_seconds: number;
	first_seen_at: string | null;
	guests: boolean;
	hide_reporters: number;
	hide_weight: number;
	hide_weight_new: number;
	hook_fail_closed: boolean;
	hook_seconds: number;
	hook_secret: Secret;
	hook_url: string;
	images: "off" | "trusted" | "members";
	key: string;
	last_seen_at: string | null;
	mail_decisions: boolean;
	mail_new: boolean;
	mail_replies: boolean;
	mail_waiting: boolean;
	max_depth: number;
	max_length: number;
	max_links: number;
	mode: string;
	name: string;
	new_hours: number;
	new_posts: number;
	night_end: string;
	night_mode: string;
	night_start: string;
	night_zone: string;
	origins: string[];
	picks: "first" | "tab" | "place";
	presence: boolean;
	profiles: boolean;
	reactions: string[];
	refused_origins: RefusedOrigin[];
	registration: boolean;
	rules_url: string;
	scorer_from: number;
	scorer_key: Secret;
	scorer_model: string;
	scorer_url: string;
	slow_seconds: number;
	sort: string;
	sso_login_url: string;
	sso_roles: boolean;
	staff_second: boolean;
	subscribe_url: string;
	team_name: string;
	threads: "any" | "fetched" | "announced";
	view: string;
	votes: string;
	ways_order: string[];
	write: unknown;
}

export interface Site {
	edit_window_seconds: number;
	guests: boolean;
	images?: "members" | "trusted";
	key: string;
	max_depth: number;
	max_length: number;
	name: string;
	night: Night | null;
	presence?: boolean | null;
	reactions?: string[];
	rules_url: string;
	sort: string;
	state?: "closed" | "read_only";
	subscribe_url?: string;
	view: string;
	votes: string;
	ways: AuthWay[];
	write?: "members" | "tiers";
}

export interface SiteProvider {
	callback_url: string;
	client: string;
	failed_at: string | null;
	failed_step: string;
	failure: string;
	issuer: string;
	key_id: string;
	label: string;
	last_used_at: string | null;
	provider: string;
	secret: Secret;
	state: string;
	team: string;
}

export interface SiteProviderRequest {
	check?: boolean;
	client: string;
	issuer?: string;
	key_id?: string;
	label?: string;
	secret?: string;
	team?: string;
}

export interface SiteProviders {
	known: KnownProvider[];
	order: AuthWay[];
	ways: SiteProvider[];
}

export interface SkippedGroup {
	count: number;
	first: SkippedRow[];
	why: string;
}

export interface SkippedRow {
	id: string;
	why: string;
}

export interface Sso {
	bearer: string;
	user: User;
}

export interface SsoKey {
	created_at: string;
	id: string;
}

export interface SsoKeyType2 {
	secret: string;
}

export interface SsoKeys {
	keys: SsoKey[];
}

export interface SsoRequest {
	token: string;
}

export interface StaffSession {
	agent: string;
	created_at: string;
	expires_at: string;
	id: string;
	kind: "account" | "widget" | "bearer" | "program";
	name: string;
	used_at: string;
}

export interface StaffSessions {
	second_factor: boolean;
	sessions: StaffSession[];
}

export interface Standards {
	html: string;
	updated_at: string | null;
	url: string;
	version: number;
}

export interface StandardsRequest {
	body: string;
}

export interface StayRow {
	id: string;
	what: "comment" | "thread" | "person" | "address";
	why: string;
}

export interface StrangerWay {
	id: string;
	kind: "provider" | "sso" | "site" | "guest";
	label: string;
	state: "works" | "untried" | "fails" | "off";
	why: string;
}

export interface Strangers {
	can: boolean;
	mail: boolean;
	ways: StrangerWay[];
}

export interface Thread {
	closes_at: string | null;
	comment_count: number;
	id: string;
	key: string;
	picks?: boolean;
	reactions: Record<string, number>;
	seq: number;
	state: string;
	title: string;
	url: string;
}

export interface ThreadRequest {
	aliases?: string[] | null;
	authors?: string[] | null;
	closes_at?: string | null;
	mode?: string | null;
	slow_seconds?: number | null;
	state?: string | null;
	title?: string | null;
	url?: string | null;
}

export interface Threads {
	alike: Alike[];
	next_cursor: string | null;
	threads: Listed[];
}

export interface Token {
	expires_at: string;
	token: string;
}

export interface TokenRequest {
	days?: number;
	name: string;
	scopes: string[];
	site?: string;
}

export interface Tokens {
	tokens: Session[];
}

export interface ToldOn {
	key: string;
	name: string;
}

export interface Trial {
	approved: number;
	comments: TrialHit[];
	looked_at: number;
	removed: number;
	would_hold: number;
	would_reject: number;
}

export interface TrialDoc {
	action?: "hold" | "reject" | "spam";
	banned?: unknown[];
	pattern?: string;
	rules?: Rule[];
	suspect?: unknown[];
	version?: number;
}

export interface TrialHit {
	author: Author | null;
	body?: string | null;
	by: string;
	created_at: string;
	depth: number;
	down: number;
	edited_at: string | null;
	featured: boolean;
	held?: string;
	html: string;
	id: string;
	in_reply_to: InReplyTo | null;
	low: boolean;
	marks: string[];
	parent_id: string | null;
	pinned: boolean;
	reactions: Record<string, number>;
	removal?: Removal;
	replies: Comment[];
	replies_cursor: string | null;
	reply_count: number;
	root_id: string;
	status: string;
	thread_id: string;
	up: number;
	would: "hold" | "reject" | "spam";
}

export interface UndoRequest {
	undo: string;
}

export interface Undone {
	comments: number;
	more: number;
	people: number;
	stayed: Moved;
	stays: StayRow[];
	threads: number;
}

export interface UndoneType2 {
	comments: string[];
	left: LeftAlone[];
}

export interface User {
	avatar_url: string;
	id: string;
	name: string;
}

export interface Vote {
	down: number;
	up: number;
	value: number;
}

export interface VoteRequest {
	value: number;
}

export interface Waits {
	reason: "demoted";
	until: string | null;
}

export interface Warning {
	created_at: string;
	id: string;
	text: string;
}

export interface Word {
	lang: string;
	word: string;
}

/** Answers are what a route that went well tells, by method and path. */
export interface Answers {
	"POST /api/v1/auth/claim": ClaimAnswer;
	"GET /api/v1/comments/{id}": CommentInPlace;
	"PATCH /api/v1/comments/{id}": CommentType2;
	"POST /api/v1/comments/{id}/notices": Receipt;
	"PUT /api/v1/comments/{id}/reactions/{name}": React;
	"GET /api/v1/comments/{id}/replies": CommentList;
	"POST /api/v1/comments/{id}/restore": CommentType2;
	"GET /api/v1/comments/{id}/revisions": Revisions;
	"GET /api/v1/comments/{id}/source": BodyRequest;
	"PUT /api/v1/comments/{id}/vote": Vote;
	"DELETE /api/v1/me": Erase;
	"GET /api/v1/me": Me;
	"PATCH /api/v1/me": MeAnswer;
	"GET /api/v1/me/account": Overview;
	"GET /api/v1/me/claims": Claims;
	"GET /api/v1/me/decisions": Decisions;
	"GET /api/v1/me/mail": Mail;
	"GET /api/v1/me/notifications": Notifications;
	"PUT /api/v1/me/picture": Picture;
	"GET /api/v1/me/push": Push;
	"POST /api/v1/me/push": PushMade;
	"POST /api/v1/me/second-factor": Second;
	"PUT /api/v1/me/second-factor": Recovery;
	"GET /api/v1/me/sessions": Sessions;
	"GET /api/v1/me/tokens": Tokens;
	"POST /api/v1/me/tokens": Token;
	"POST /api/v1/passkeys/login/begin": PasskeyQuestion;
	"POST /api/v1/passkeys/login/finish": Name;
	"POST /api/v1/passkeys/register/begin": CeremonyAnswer;
	"GET /api/v1/push/key": PushKey;
	"GET /api/v1/server": Server;
	"GET /api/v1/server/jobs": FailedJobs;
	"POST /api/v1/server/jobs/retry": Retried;
	"POST /api/v1/server/jobs/{id}/retry": Retried;
	"PUT /api/v1/server/operators": Server;
	"POST /api/v1/sites": Settings;
	"POST /api/v1/sites/{site}/checks": ChecksCheck;
	"GET /api/v1/sites/{site}/checks/{token}": ChecksCheck;
	"POST /api/v1/sites/{site}/checks/{token}": ChecksHeard;
	"GET /api/v1/sites/{site}/comments": Comments;
	"POST /api/v1/sites/{site}/comments": CommentType2;
	"GET /api/v1/sites/{site}/counts": Counts;
	"GET /api/v1/sites/{site}/events": Events;
	"POST /api/v1/sites/{site}/images": Image;
	"GET /api/v1/sites/{site}/imports": Imports;
	"POST /api/v1/sites/{site}/imports": Import;
	"DELETE /api/v1/sites/{site}/imports/{id}": Import;
	"GET /api/v1/sites/{site}/imports/{id}": Import;
	"PATCH /api/v1/sites/{site}/imports/{id}": Import;
	"POST /api/v1/sites/{site}/imports/{id}/apply": Import;
	"PUT /api/v1/sites/{site}/imports/{id}/parts/{n}": Import;
	"POST /api/v1/sites/{site}/imports/{id}/stop": Import;
	"GET /api/v1/sites/{site}/imports/{id}/undo": Undone;
	"GET /api/v1/sites/{site}/latest": Latest;
	"POST /api/v1/sites/{site}/login": LoginAnswer;
	"POST /api/v1/sites/{site}/magic-link": Magic;
	"GET /api/v1/sites/{site}/mentionable": Mentionable;
	"GET /api/v1/sites/{site}/moderation/audit": AuditPage;
	"GET /api/v1/sites/{site}/moderation/bans": Bans;
	"POST /api/v1/sites/{site}/moderation/bans": Id;
	"GET /api/v1/sites/{site}/moderation/bans/reach": Reach;
	"GET /api/v1/sites/{site}/moderation/claims": ClaimsType2;
	"GET /api/v1/sites/{site}/moderation/comments": Queue;
	"GET /api/v1/sites/{site}/moderation/comments/{id}": Queue;
	"GET /api/v1/sites/{site}/moderation/counts": QueueCounts;
	"POST /api/v1/sites/{site}/moderation/decisions": DecisionsType2;
	"POST /api/v1/sites/{site}/moderation/images/{image}": ImageType3;
	"GET /api/v1/sites/{site}/moderation/invitations": Invitations;
	"POST /api/v1/sites/{site}/moderation/invitations": Invitation;
	"POST /api/v1/sites/{site}/moderation/look": Looked;
	"GET /api/v1/sites/{site}/moderation/mail": News;
	"PUT /api/v1/sites/{site}/moderation/mail": News;
	"GET /api/v1/sites/{site}/moderation/people": People;
	"GET /api/v1/sites/{site}/moderation/people/{id}": Person;
	"POST /api/v1/sites/{site}/moderation/people/{id}/hand-over": Person;
	"GET /api/v1/sites/{site}/moderation/people/{id}/sessions": StaffSessions;
	"POST /api/v1/sites/{site}/moderation/people/{id}/{act}": Person;
	"GET /api/v1/sites/{site}/moderation/queue": Queue;
	"GET /api/v1/sites/{site}/moderation/rules": Rules;
	"PUT /api/v1/sites/{site}/moderation/rules": PolicyShape;
	"POST /api/v1/sites/{site}/moderation/rules/test": Trial;
	"GET /api/v1/sites/{site}/moderation/threads": Threads;
	"POST /api/v1/sites/{site}/moderation/threads": Listed;
	"GET /api/v1/sites/{site}/moderation/threads/check": PageCheck;
	"POST /api/v1/sites/{site}/moderation/threads/check": PageCheck;
	"GET /api/v1/sites/{site}/moderation/threads/merges": Merges;
	"POST /api/v1/sites/{site}/moderation/threads/remap": Remap;
	"PATCH /api/v1/sites/{site}/moderation/threads/{id}": Listed;
	"POST /api/v1/sites/{site}/moderation/threads/{id}/merge": Merged;
	"POST /api/v1/sites/{site}/moderation/undo": UndoneType2;
	"GET /api/v1/sites/{site}/notices/{receipt}": Notice;
	"GET /api/v1/sites/{site}/old-link": OldLink;
	"GET /api/v1/sites/{site}/origin": Origin;
	"POST /api/v1/sites/{site}/preview": Preview;
	"PUT /api/v1/sites/{site}/reactions/{name}": React;
	"GET /api/v1/sites/{site}/search": Search;
	"GET /api/v1/sites/{site}/settings": Settings;
	"PATCH /api/v1/sites/{site}/settings": Settings;
	"GET /api/v1/sites/{site}/settings/alerts": Alerts;
	"POST /api/v1/sites/{site}/settings/life": Settings;
	"POST /api/v1/sites/{site}/settings/mail-test": MailTest;
	"GET /api/v1/sites/{site}/settings/retention": Retention;
	"GET /api/v1/sites/{site}/settings/sso-keys": SsoKeys;
	"POST /api/v1/sites/{site}/settings/sso-keys": SsoKeyType2;
	"GET /api/v1/sites/{site}/settings/strangers": Strangers;
	"GET /api/v1/sites/{site}/settings/ways": SiteProviders;
	"POST /api/v1/sites/{site}/sso": Sso;
	"GET /api/v1/sites/{site}/standards": Standards;
	"PUT /api/v1/sites/{site}/standards": Standards;
	"GET /api/v1/users/{id}": Card;
}

/** Bodies are what a route takes. */
export interface Bodies {
	"POST /api/v1/auth/claim": ClaimRequest;
	"PATCH /api/v1/comments/{id}": EditRequest;
	"POST /api/v1/comments/{id}/notices": NoticeRequest;
	"PUT /api/v1/comments/{id}/reactions/{name}": ReactRequest;
	"POST /api/v1/comments/{id}/reports": ReportRequest;
	"PUT /api/v1/comments/{id}/vote": VoteRequest;
	"PATCH /api/v1/me": MeChange;
	"POST /api/v1/me/claims/{id}": ClaimRequestType2;
	"POST /api/v1/me/email": EmailRequest;
	"PUT /api/v1/me/mail": ChooseMailRequest;
	"PUT /api/v1/me/notifications/read": ReadRequest;
	"POST /api/v1/me/password": PasswordRequest;
	"POST /api/v1/me/proof": ProofRequest;
	"POST /api/v1/me/push": PushRequest;
	"PUT /api/v1/me/push/choices": PushChoices;
	"PUT /api/v1/me/second-factor": SecondRequest;
	"POST /api/v1/me/tokens": TokenRequest;
	"POST /api/v1/passkeys/login/finish": PasskeyLogin;
	"POST /api/v1/passkeys/register/finish": CeremonyRequest;
	"POST /api/v1/server/held": HeldRequest;
	"PUT /api/v1/server/operators": OperatorRequest;
	"POST /api/v1/sites": NewSiteRequest;
	"POST /api/v1/sites/{site}/checks": ChecksBeginRequest;
	"POST /api/v1/sites/{site}/checks/{token}": ChecksReportDoc;
	"POST /api/v1/sites/{site}/comments": PostRequest;
	"PUT /api/v1/sites/{site}/follow": FollowRequest;
	"POST /api/v1/sites/{site}/follow/guest": GuestFollowRequest;
	"POST /api/v1/sites/{site}/imports": NewImportRequest;
	"PATCH /api/v1/sites/{site}/imports/{id}": {
		format?: string | null;
		map_column?: Record<string, string> | null;
		map_host?: Record<string, string> | null;
		map_path?: string[] | null;
	};
	"POST /api/v1/sites/{site}/login": LoginRequest;
	"POST /api/v1/sites/{site}/magic-link": MailRequestType2;
	"POST /api/v1/sites/{site}/moderation/bans": {
		email_domain?: string;
		hide_recent?: boolean;
		instance?: boolean;
		ip_range?: string;
		level?: string;
		note?: string;
		on?: boolean;
		reason?: string;
		role?: string;
		text?: string;
		until?: string;
	};
	"POST /api/v1/sites/{site}/moderation/claims/{id}": ClaimDecision;
	"POST /api/v1/sites/{site}/moderation/decisions": DecisionsRequestType2;
	"POST /api/v1/sites/{site}/moderation/images/{image}": OnImageRequest;
	"POST /api/v1/sites/{site}/moderation/invitations": InviteRequest;
	"POST /api/v1/sites/{site}/moderation/look": LookRequest;
	"PUT /api/v1/sites/{site}/moderation/mail": NewsRequest;
	"POST /api/v1/sites/{site}/moderation/people/{id}/{act}": {
		email_domain?: string;
		hide_recent?: boolean;
		instance?: boolean;
		ip_range?: string;
		level?: string;
		note?: string;
		on?: boolean;
		reason?: string;
		role?: string;
		text?: string;
		until?: string;
	};
	"PUT /api/v1/sites/{site}/moderation/rules": RulesDoc;
	"POST /api/v1/sites/{site}/moderation/rules/test": TrialDoc;
	"POST /api/v1/sites/{site}/moderation/threads": {
		key?: string;
		title?: string;
		url?: string;
	};
	"POST /api/v1/sites/{site}/moderation/threads/remap": {
		after?: string;
		dry_run?: boolean;
		from?: string;
		merge?: boolean;
		to?: string;
	};
	"PATCH /api/v1/sites/{site}/moderation/threads/{id}": ThreadRequest;
	"POST /api/v1/sites/{site}/moderation/threads/{id}/merge": MergeRequest;
	"POST /api/v1/sites/{site}/moderation/undo": UndoRequest;
	"POST /api/v1/sites/{site}/password-reset": MailRequestType2;
	"POST /api/v1/sites/{site}/preview": PreviewRequest;
	"PUT /api/v1/sites/{site}/reactions/{name}": ReactToPageRequest;
	"POST /api/v1/sites/{site}/register": RegisterRequest;
	"PATCH /api/v1/sites/{site}/settings": {
		accounts?: boolean;
		add_origins?: string[];
		akismet_key?: string | null;
		ask_standards?: boolean;
		blur_images?: string;
		burst?: number;
		challenge?: boolean;
		classifier?: boolean;
		close_days?: number;
		closed_all?: boolean;
		closed_paths?: string[];
		edit_window_seconds?: number;
		guests?: boolean;
		hide_reporters?: number;
		hide_weight?: number;
		hide_weight_new?: number;
		hook_fail_closed?: boolean;
		hook_seconds?: number;
		hook_secret?: string | null;
		hook_url?: string;
		images?: string;
		key?: string;
		mail_decisions?: boolean;
		mail_new?: boolean;
		mail_replies?: boolean;
		mail_waiting?: boolean;
		max_depth?: number;
		max_length?: number;
		max_links?: number;
		mode?: string;
		name?: string;
		new_hours?: number;
		new_posts?: number;
		night_end?: string;
		night_mode?: string;
		night_start?: string;
		night_zone?: string;
		origins?: string[];
		picks?: string;
		presence?: boolean;
		profiles?: boolean;
		reactions?: string[];
		registration?: boolean;
		remove_origins?: string[];
		rules_url?: string;
		scorer_from?: number;
		scorer_key?: string | null;
		scorer_model?: string;
		scorer_url?: string;
		slow_seconds?: number;
		sort?: string;
		sso_login_url?: string;
		sso_roles?: boolean;
		staff_second?: boolean;
		subscribe_url?: string;
		team_name?: string;
		threads?: string;
		view?: string;
		votes?: string;
		was?: Record<string, unknown>;
		ways_order?: string[];
		write?: unknown;
	};
	"POST /api/v1/sites/{site}/settings/life": LifeRequest;
	"PUT /api/v1/sites/{site}/settings/ways/{provider}": SiteProviderRequest;
	"POST /api/v1/sites/{site}/sso": SsoRequest;
	"PUT /api/v1/sites/{site}/standards": StandardsRequest;
	"POST /api/v1/sites/{site}/verification": MailRequestType2;
}
