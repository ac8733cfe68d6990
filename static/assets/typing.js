var l=/^https?:\/\/\S+$/,m=/^(\s*(?:[-*+]|(\d{1,9})([.)]))\s+|\s*>\s?)(.*)$/;function f(t,e,s=t.selectionStart,n=t.selectionEnd){t.focus(),t.setSelectionRange(s,n),document.execCommand(e===""?"delete":"insertText",!1,e)||t.setRangeText(e,s,n,"end")}function d(t,e,s,n,o){let r=t.slice(e,s),c=n.trim();if(r.trim()!==""&&!r.includes(`
`)&&l.test(c)&&!l.test(r.trim()))return{text:`[${r}](${c})`,changed:!0,cut:!1};let i=o>0?Math.max(0,o+500-(t.length-r.length)):Number.POSITIVE_INFINITY;if(n.length<=i)return{text:n,changed:!1,cut:!1};let u=Math.max(0,i-500);return{text:n.slice(0,u).replace(/[\uD800-\uDBFF]$/,""),changed:!0,cut:!0}}function h(t,e){let s=t.lastIndexOf(`
`,e-1)+1,n=m.exec(t.slice(s,e));if(!n)return null;let[,o="",r,c="",i=""]=n;return i.trim()===""?t.slice(e).split(`
`,1)[0]?.trim()===""?{text:"",from:s}:null:{text:`
${r===void 0?o:o.replace(r+c,Number(r)+1+c)}`,from:e}}export{h as continued,d as pasted,f as type};
