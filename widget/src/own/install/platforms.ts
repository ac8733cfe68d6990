/** Attrs are what the element is told beside its site, like its colours. */
export type Attrs = readonly (readonly [name: string, value: string])[];

/** Platform is a kind of page, and what is pasted into it. */
export interface Platform {
	id: string;
	name: string;
	where: PlaceKey; // the sentence that says into which file
	code: (base: string, site: string, attrs: Attrs) => string;
}

/** PlaceKey names a sentence of the catalogue beside the snippets. */
export type PlaceKey =
	| "place_html"
	| "place_wordpress"
	| "place_ghost"
	| "place_hugo"
	| "place_jekyll"
	| "place_astro"
	| "place_next"
	| "place_vue"
	| "place_cms";

const written = (attrs: Attrs, prefix = ""): string => attrs.map(([k, v]) => ` ${prefix}${k}="${v}"`).join("");
const script = (base: string): string => `<script async src="${base}/embed.js"></script>`;
const element = (site: string, attrs: Attrs): string =>
	`<parley-comments site="${site}"${written(attrs)}></parley-comments>`;
const plain = (base: string, site: string, attrs: Attrs): string => `${script(base)}\n${element(site, attrs)}`;

/**
 * platforms are where comments are put most. None names the thread: the page's
 * canonical address does, so that a renamed template or an import changes nothing.
 * Where a page changes its address without loading anew, the element is given it.
 */
export const platforms: readonly Platform[] = [
	{ id: "html", name: "HTML", where: "place_html", code: plain },
	{
		id: "wordpress",
		name: "WordPress",
		where: "place_wordpress",
		code: (base, site, attrs) =>
			`<?php // comments.php\nif ( post_password_required() ) return; ?>\n${script(base)}\n<parley-comments site="${site}" url="<?php echo esc_url( get_permalink() ); ?>"\n  title="<?php echo esc_attr( get_the_title() ); ?>"${written(attrs)}></parley-comments>`,
	},
	{
		id: "ghost",
		name: "Ghost",
		where: "place_ghost",
		code: (base, site, attrs) => `{{#post}}\n${script(base)}\n<parley-comments site="${site}" url="{{url absolute="true"}}"${written(attrs)}></parley-comments>\n{{/post}}`,
	},
	{
		id: "hugo",
		name: "Hugo",
		where: "place_hugo",
		code: (base, site, attrs) => `${script(base)}\n<parley-comments site="${site}" url="{{ .Permalink }}" title="{{ .Title }}"${written(attrs)}></parley-comments>`,
	},
	{
		id: "jekyll",
		name: "Jekyll",
		where: "place_jekyll",
		code: (base, site, attrs) =>
			`${script(base)}\n<parley-comments site="${site}" url="{{ page.url | absolute_url }}" title="{{ page.title | escape }}"${written(attrs)}></parley-comments>`,
	},
	{
		id: "astro",
		name: "Astro",
		where: "place_astro",
		code: (base, site, attrs) =>
			`---\nconst { title } = Astro.props;\n---\n<script is:inline async src="${base}/embed.js"></script>\n<parley-comments site="${site}" url={Astro.url.href} title={title}${written(attrs)}></parley-comments>`,
	},
	{
		id: "next",
		name: "Next, React",
		where: "place_next",
		code: (base, site, attrs) =>
			`"use client";\nimport Script from "next/script"; // without Next: a <script> in index.html\n\nexport function Comments({ url, title }) {\n  return (\n    <>\n      <Script src="${base}/embed.js" strategy="lazyOnload" />\n      <parley-comments site="${site}" url={url} title={title}${written(attrs)} />\n    </>\n  );\n}`,
	},
	{
		id: "vue",
		name: "Vue",
		where: "place_vue",
		code: (base, site, attrs) =>
			`<!-- index.html -->\n${script(base)}\n\n<!-- Comments.vue; vite.config: vue({ template: { compilerOptions: { isCustomElement: (t) => t.startsWith("parley-") } } }) -->\n<template>\n  <parley-comments site="${site}" :url="url" :title="title"${written(attrs)} />\n</template>`,
	},
	{
		id: "cms",
		name: "CMS field",
		where: "place_cms",
		code: (base, site, attrs) => `<script async src="${base}/embed.js" data-site="${site}"${written(attrs, "data-")}></script>`,
	},
];
