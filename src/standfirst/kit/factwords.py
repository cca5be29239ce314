"""Words that carry facts in English and Ukrainian: numbers, days and months, words that deny, and first words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBERS = _words(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand
    thousands million millions billion billions trillion dozen dozens half third quarter first second fourth fifth
    sixth seventh eighth ninth tenth double twice once percent нуль один одна одне одного одній одну двоє два дві
    двох двом двома троє три трьох трьом трьома четверо чотири чотирьох чотирьом чотирма пʼять п'ять п'яти пять
    пяти шість шести сім семи вісім восьми дев'ять дев'яти десять десяти сто ста двісті триста чотириста п'ятсот
    шістсот сімсот вісімсот дев'ятсот півтора пів половина половини третина чверть перший перша перше першого
    другий друга друге другого третій третя третє третього вдвічі втричі двічі тричі відсоток відсотка відсотки
    відсотків
    """
)
NUMBER_STEMS = (
    "одинадцят", "дванадцят", "тринадцят", "чотирнадцят", "п'ятнадцят", "шістнадцят", "сімнадцят", "вісімнадцят",
    "дев'ятнадцят", "двадцят", "тридцят", "сорок", "п'ятдесят", "шістдесят", "сімдесят", "вісімдесят", "дев'яност",
    "тисяч", "мільйон", "мільярд", "трильйон", "десятк", "сотн", "дюжин",
)  # fmt: skip
DATES = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec today yesterday tomorrow
    tonight morning noon afternoon evening night midnight spring summer autumn winter week month year понеділок
    понеділка понеділку вівторок вівторка вівторку середа середи середу середі четвер четверга п'ятниця п'ятниці
    п'ятницю субота суботи суботу суботі неділя неділі неділю січень січня січні лютий лютого лютому березень
    березня березні квітень квітня квітні травень травня травні червень червня червні липень липня липні серпень
    серпня серпні вересень вересня вересні жовтень жовтня жовтні листопад листопада листопаді грудень грудня
    грудні сьогодні вчора завтра позавчора післязавтра вранці ввечері вночі опівдні опівночі
    """
)
NEGATIONS = _words(
    """
    not no never nobody none nothing neither nor nowhere without cannot hardly не ні ніколи ніхто нікого нікому
    ніщо нічого нема немає жоден жодна жодне жодного жодної жодних ані без навряд
    """
)
NOT_PREFIXES = ("un", "in", "im", "non", "non-", "dis", "не", "без")
# A point after these ends no sentence, even before a capital. Single letters are initials.
ABBREVIATIONS = _words(
    """
    mr mrs ms dr prof st gen col lt sgt capt maj sen rep gov no nos vs etc inc ltd jr sr dept approx est fig jan
    feb mar apr jun jul aug sep sept oct nov dec ст вул пл просп бул ім проф акад ген полк св обл напр див гр
    """
)
# Words that begin sentences and are no names.
STARTERS = _words(
    """
    a an the this that these those there their they them his her hers he she it its we our us you your i my in on
    at by for from to of with without after before since until during between under over about as if when while
    where why who what which how because although though however but and or so yet also even only just then now
    here some many most more less few several all both each every other another such no not nobody nothing none
    never once again still already two three four five six seven eight nine ten one officials police people
    residents according earlier later meanwhile instead despite among against through across around near last next
    new old today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday had has have was
    were is are be been being do does did can could will would may might must should let у в на з із зі до від за
    під над про по при через після перед між серед біля без для і й та але або чи що щоб як якщо коли де хто який
    яка яке які цей ця це ці той те ті він вона воно вони його її їх їхній наш ми ви ваш я мій свій тут там тоді
    тепер зараз ще вже також лише тільки навіть проте однак утім адже бо хоча поки поліція люди мешканці жителі
    раніше пізніше тим не ні ніхто ніщо ніколи усі всі кожен інший інша інші один одна одне два дві три чотири
    сьогодні вчора завтра був була було були є буде будуть
    """
)
# Small words of grammar: one more or less is a slip of the pen.
SMALL = _words(
    """
    a an the of to in on at by for from as is are was were be been has have had and that which who it its у в на з
    із зі до від за та і й що а же ж б би це цей є
    """
)
