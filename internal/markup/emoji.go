package markup

import "strings"

// emoji are the shortcodes that people type most; others stay text.
var emoji = func() map[string]string {
	m := map[string]string{}
	f := strings.Fields(emojiList)
	for i := 0; i+1 < len(f); i += 2 {
		m[f[i]] = f[i+1]
	}
	return m
}()

const emojiList = `
smile 😄 smiley 😃 grin 😁 grinning 😀 laughing 😆 joy 😂 rofl 🤣 wink 😉 blush 😊 innocent 😇 slightly_smiling_face 🙂
upside_down_face 🙃 relaxed ☺️ heart_eyes 😍 kissing_heart 😘 yum 😋 stuck_out_tongue 😛 sunglasses 😎 nerd_face 🤓
thinking 🤔 neutral_face 😐 expressionless 😑 unamused 😒 roll_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪
sleeping 😴 mask 😷 dizzy_face 😵 confused 😕 worried 😟 slightly_frowning_face 🙁 frowning ☹️ open_mouth 😮 hushed 😯
astonished 😲 flushed 😳 fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 sweat_smile 😅 weary 😩
tired_face 😫 yawning_face 🥱 triumph 😤 angry 😠 rage 😡 skull 💀 clown_face 🤡 ghost 👻 alien 👽 robot 🤖 see_no_evil 🙈
wave 👋 ok_hand 👌 v ✌️ crossed_fingers 🤞 metal 🤘 point_left 👈 point_right 👉 point_up ☝️ point_down 👇 +1 👍 thumbsup 👍
-1 👎 thumbsdown 👎 fist ✊ facepunch 👊 clap 👏 raised_hands 🙌 pray 🙏 handshake 🤝 muscle 💪 eyes 👀 brain 🧠 shrug 🤷
facepalm 🤦 heart ❤️ broken_heart 💔 two_hearts 💕 blue_heart 💙 green_heart 💚 yellow_heart 💛 purple_heart 💜 black_heart 🖤
fire 🔥 sparkles ✨ star ⭐ zap ⚡ boom 💥 100 💯 tada 🎉 gift 🎁 trophy 🏆 medal 🏅 rocket 🚀 airplane ✈️ car 🚗 bike 🚲 train 🚆
ship 🚢 ferry ⛴️ anchor ⚓ house 🏠 moon 🌙 sunny ☀️ cloud ☁️ umbrella ☔ snowflake ❄️ rainbow 🌈 ocean 🌊 earth_africa 🌍 tree 🌳
rose 🌹 four_leaf_clover 🍀 dog 🐶 cat 🐱 mouse 🐭 bear 🐻 pig 🐷 frog 🐸 bird 🐦 fish 🐟 bug 🐛 bee 🐝 apple 🍎 pizza 🍕
hamburger 🍔 cake 🍰 coffee ☕ tea 🍵 beer 🍺 wine_glass 🍷 popcorn 🍿 bulb 💡 book 📖 memo 📝 newspaper 📰 email 📧 phone ☎️
computer 💻 lock 🔒 key 🔑 hammer 🔨 bell 🔔 mag 🔍 link 🔗 moneybag 💰 clock3 🕒 hourglass ⌛ warning ⚠️ no_entry ⛔ x ❌
white_check_mark ✅ heavy_check_mark ✔️ question ❓ exclamation ❗ recycle ♻️ arrow_right ➡️ arrow_left ⬅️ checkered_flag 🏁
`
