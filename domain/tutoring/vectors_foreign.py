"""Questions that courses do not answer, from which it is told how near is near enough.

They are of many subjects, in the languages that Stoa speaks, since every course has neighbours that
it does not cover: in a course on Python nothing answers "How do I center a heading in CSS?". One or
two of them may well be about what a course teaches; that lifts its floor a little, and then words
find what the vectors do not.
"""

FOREIGN = (
    "Who won the football cup last summer?",
    "What is the weather going to be like tomorrow?",
    "How long do I boil an egg until it is hard?",
    "Which medicine helps against a headache?",
    "How do I renew my passport?",
    "What is the capital of Australia?",
    "How do plants turn light into sugar?",
    "When did the Roman Empire fall?",
    "How do I find the roots of a quadratic equation?",
    "What is the past participle of the verb to go?",
    "How do I center a heading with CSS?",
    "Why does my laptop get so hot?",
    "How do I install a driver for my printer?",
    "Which phone should I buy?",
    "How much does a software developer earn?",
    "How do I train a neural network on pictures?",
    "Who painted the Mona Lisa?",
    "How do I tune a guitar?",
    "What is the difference between a virus and a bacterium?",
    "How do interest rates change the price of a house?",
    "Kto wygrał wczorajszy mecz?",
    "Jaka będzie jutro pogoda?",
    "Jak długo gotować ryż?",
    "Jakie lekarstwo pomaga na kaszel?",
    "Jak wyrobić nowy dowód osobisty?",
    "Jaka jest stolica Kanady?",
    "Dlaczego liście jesienią zmieniają kolor?",
    "Kiedy wybuchła pierwsza wojna światowa?",
    "Jak obliczyć pole trójkąta?",
    "Jak wyśrodkować obrazek na stronie internetowej?",
    "Dlaczego mój telefon tak szybko się rozładowuje?",
    "Kto napisał „Pana Tadeusza”?",
)
