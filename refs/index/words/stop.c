#include "refs/index/words/stop_internal.h"

/* English first: what nothing speaks for is read as that. */
const struct language languages[LANGUAGES] = {
	{ "english",
	  "a about above after again against all am an and any are as at be "
	  "because been before being below between both but by can could did "
	  "do does doing down during each few for from further had has have "
	  "having he her here hers herself him himself his how i i'd i'll "
	  "i'm i've if in into is isn't it it's its itself just me might more "
	  "most must my myself no nor not now of off on once only or other "
	  "our ours ourselves out over own same shall she should so some such "
	  "than that that's the their theirs them themselves then there these "
	  "they they're this those through to too under until up very was "
	  "wasn't we we're were what what's when where which while who whom "
	  "why will with would you you're your yours yourself yourselves "
	  "don't didn't doesn't can't won't couldn't also" },
	{ "german",
	  "aber alle als also am an auch auf aus bei bin bis bist da damit "
	  "dann das dass dein dem den der des dich die dir doch du durch ein "
	  "eine einem einen einer eines er es euch f\u00fcr habe haben hat "
	  "hatte ich ihm ihn ihr ihre im in ist ja kann kein keine mein meine "
	  "mich mir mit nach nicht noch nun nur ob oder schon sein seine sich "
	  "sie sind so \u00fcber um und uns unser vom von vor war waren was "
	  "weil wenn wer wie wir wird wo zu zum zur" },
	{ "french",
	  "ai au aux avec ce ces cette c'est dans de des du elle en est et "
	  "\u00e9t\u00e9 eux il ils j'ai je la le les leur lui ma mais me "
	  "m\u00eame mes moi mon ne nos notre nous on ont ou par pas pour qu "
	  "que qui sa se ses son sont sur ta te tes toi ton tu un une vos "
	  "votre vous" },
	{ "spanish",
	  "al algo como con cuando de del desde donde el ella ellos en entre "
	  "era es esa ese eso esta este esto est\u00e1 fue ha hasta hay la las "
	  "le les lo los me mi mis muy m\u00e1s ni no nos o para pero por "
	  "porque qu\u00e9 que se si sin sobre son su sus tambi\u00e9n te "
	  "tiene todo tu un una uno y ya yo" },
	{ "italian",
	  "al alla anche che chi ci come con cosa da dal dalla dei del della "
	  "delle di e ed era gli ha hanno ho i il in io l la le lei lo loro "
	  "lui ma mi mia mio ne nel nella noi non o per perch\u00e9 pi\u00f9 "
	  "quando quella quello questa questo se sei si sono su sul sua suo "
	  "ti tra tu un una uno voi \u00e8" },
	{ "portuguese",
	  "a ao aos as at\u00e9 com como da das de dela dele do dos e ela ele "
	  "em entre era essa esse esta este eu foi h\u00e1 isso isto j\u00e1 "
	  "mais mas me meu minha muito na nas nem no nos n\u00e3o o os ou para "
	  "pela pelo por quando que quem se sem ser seu sua s\u00e3o "
	  "tamb\u00e9m te tem um uma voc\u00ea \u00e0 \u00e9" },
	{ "dutch",
	  "aan al als bij dan dat de deze die dit doen door een en er ge geen "
	  "had heb hebben heeft hem het hier hij hoe hun ik in is ja je kan "
	  "maar me meer met mij mijn naar niet nog nu of om ons ook op over te "
	  "toch toen tot u uit van veel voor want waren was wat we wel werd "
	  "wie wij wordt ze zich zij zijn zo zou" },
	{ "russian",
	  "\u0430 \u0431\u044b \u0431\u044b\u043b \u0432 \u0432\u043e "
	  "\u0432\u0441\u0435 \u0432\u044b \u0434\u0430 \u0434\u043b\u044f "
	  "\u0434\u043e \u0435\u0433\u043e \u0435\u0451 \u0435\u0441\u0442\u044c "
	  "\u0436\u0435 \u0437\u0430 \u0438 \u0438\u0437 \u0438\u043b\u0438 "
	  "\u0438\u0445 \u043a \u043a\u0430\u043a \u043a\u043e "
	  "\u043a\u0442\u043e \u043b\u0438 \u043c\u0435\u043d\u044f "
	  "\u043c\u043d\u0435 \u043c\u044b \u043d\u0430 \u043d\u0435 "
	  "\u043d\u043e \u043e \u043e\u0431 \u043e\u043d \u043e\u043d\u0430 "
	  "\u043e\u043d\u0438 \u043e\u0442 \u043f\u043e \u043f\u0440\u0438 "
	  "\u0441 \u0441\u043e \u0442\u0430\u043a \u0442\u043e \u0442\u044b "
	  "\u0443 \u0447\u0442\u043e \u044d\u0442\u043e \u044f" },
};
