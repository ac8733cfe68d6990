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

// Reserved reports that a reader may not have a name, because it is, or looks
// like, what staff are called, or one of the names given: those of the site.
func Reserved(name string, more ...string) bool {
	bare := bareSkeleton(name)
	if bare == "" {
		return false
	}
	if reserved[bare] || reserved[strings.TrimPrefix(bare, "the")] {
		return true
	}
	for _, m := range more {
		if bare == bareSkeleton(m) {
			return true
		}
	}
	return false
}
