package markup

import (
	"strings"
	"unicode"
)

// reservedNames are what only staff may be called, in the languages that the
// product speaks: a reader of that name would be believed.
const reservedNames = `
	admin,administrator,administration,mod,moderator,moderators,moderation,editor,editors,editorial,editorial team,staff,team,owner,operator,
	root,system,sysadmin,webmaster,support,help desk,helpdesk,official,parley,parley team,anonymous moderator,deleted,deleted user,guest
	админ,администратор,администрация,модератор,модераторы,модерация,редактор,редакция,владелец,система,поддержка,техподдержка,официально
	moderatorin,administratorin,redaktion,redakteur,redakteurin,verwaltung,betreiber,inhaber
	modérateur,modératrice,modération,administrateur,administratrice,rédaction,rédacteur,rédactrice,équipe
	moderador,moderadora,moderación,administrador,administradora,administración,redacción,editora,equipo,soporte
	moderação,administração,redação,equipe,suporte
	moderatore,moderatrice,moderazione,amministratore,amministratrice,amministrazione,redazione,redattore,redattrice
	moderatorka,moderacja,administratorka,administracja,redakcja,redaktorka,zespół
	moderatör,yönetici,yönetim,editör,editörler,destek
	адмін,адміністратор,адміністрація,модераторка,модерація,редакторка,редакція,підтримка,власник
	管理员,管理員,版主,站长,编辑部,编辑,客服,官方,管理者,管理人,モデレーター,編集部,編集者,運営,運営者,サポート
	관리자,운영자,운영진,편집자,편집부,모더레이터,고객센터
	مشرف,المشرف,مشرفة,مدير,المدير,الإدارة,إدارة,محرر,المحرر,التحرير,هيئة التحرير,الدعم
	مدیر,مدیریت,ناظر,ویراستار,سردبیر,پشتیبانی,تحریریه
	מנהל,מנהלת,הנהלה,מודרטור,עורך,עורכת,המערכת,מערכת,תמיכה`

var reserved = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.FieldsFunc(reservedNames, func(r rune) bool { return r == ',' || r == '\n' }) {
		set[bareSkeleton(strings.TrimSpace(name))] = true
	}
	delete(set, "")
	return set
}()

// bareSkeleton is the skeleton of a name without its digits and other marks:
// "Admin_2" is "admin".
func bareSkeleton(name string) string {
	return Skeleton(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) && !withinWord(name, r) || unicode.IsSymbol(r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name))
}

// withinWord reports that a digit stands for a letter within a word: the 0 of
// "m0derator". It is kept, and folded with the letter it looks like.
func withinWord(name string, digit rune) bool {
	all := []rune(name)
	for i, r := range all {
		if r == digit && i > 0 && i < len(all)-1 && unicode.IsLetter(all[i-1]) && unicode.IsLetter(all[i+1]) {
			return true
		}
	}
	return false
}

// joins are the words that stand between others in what staff are called:
// "the editors of the site".
var joins = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields("the a an of for from and our your this site blog der die das le la les el los il of du de von vom") {
		set[bareSkeleton(w)] = true
	}
	return set
}()

// Reserved reports that a reader may not have a name, because it is, or looks
// like, what staff are called, or one of the names given: those of the site.
// So is one that says it beside a person's: "Ann (moderator)".
func Reserved(name string, more ...string) bool {
	site := map[string]bool{} // the words of the names given
	for _, m := range more {
		if bare := bareSkeleton(m); bare != "" && bare == bareSkeleton(name) {
			return true
		}
		for _, w := range strings.Fields(m) {
			site[bareSkeleton(w)] = true
		}
	}
	if allReserved(name, site) {
		return true
	}
	for _, part := range strings.FieldsFunc(name, sets) {
		if part != name && allReserved(part, site) {
			return true
		}
	}
	return false
}

// sets reports what sets a part of a name off from the rest.
func sets(r rune) bool {
	return unicode.In(r, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf, unicode.Pd) && r != '-' || strings.ContainsRune("|/,;:•·~<>*=@", r)
}

// allReserved reports that a text is what staff are called, in one word or
// several, with or without those of the site.
func allReserved(text string, site map[string]bool) bool {
	if bare := bareSkeleton(text); bare == "" || reserved[bare] {
		return bare != ""
	}
	role := false
	for _, w := range strings.Fields(text) {
		bare := bareSkeleton(w)
		switch {
		case bare == "":
		case reserved[bare]:
			role = true
		case !site[bare] && !joins[bare]:
			return false
		}
	}
	return role
}
