"""First names that tell whether "he" or "she" may follow; those borne by both are left out."""

from index.attribution_words import word_set

MALE = word_set(
    """aaron abdul abdullah abraham adam ahmad ahmed al alan albert alexander ali allen alvin amos
    andrew andré anthony antonio arjun arnold arthur barry ben benjamin bernard bernie bert bill
    bob bobby boris brad bradley brandon brent brett brian bruce byron calvin carl carlos cecil
    chad charles charlie chester chidi chris chuck clarence clay clifford clint clyde cody cole
    colin connor corey cory craig curtis dale damon dan daniel dave david dean dennis derek dick
    diego dirk dmitri don donald doug douglas drew dustin dwight earl ed eddie edward edwin eli
    elijah elliott emeka eric erik ernest ethan eugene evan felix floyd frank frankie fred
    frederick garrett gary geoff geoffrey george gerald gil giovanni glen glenn gordon grant
    greg gregg gregory gus guy hal hamid hamza hank hans harold harry harvey hassan hector henry
    herbert hiroshi howard hugh hugo hussein ian ibrahim igor irving isaac ivan jack jacob jake
    james jared jason javier jay jeb jeff jeffrey jeremiah jeremy jerome jerry jesse jim jimmy
    joe joel joey john johnny jon jonathan jorge jose joseph josh joshua juan julian julio
    julius justin jürgen karim karl keith ken kenji kenneth kent kevin khalid kirk klaus kofi
    kurt kwame kyle lance larry lars lawrence leo leon leonard leroy lewis lloyd lou louis luc
    luca luis luke luther mahmoud malcolm manuel marc marco marcus mario mark martin marvin
    mateo mateusz matthew maurice max mehmet melvin micah michael mick miguel mike miles milton
    mitch mitchell mitt mohammad mohammed morris muhammad mustafa nate nathan nathaniel neal ned
    neil nicholas nick noah norman oleksandr oliver omar oscar otto owen paolo patrick paul
    pavel pedro pete peter phil philip phillip pierre piotr rafael raj ralph ramon randy rashid
    ravi ray raymond reggie reginald rex ricardo richard rick ricky rob robby robert roberto rod
    rodney roger roland ron ronald ronnie ross roy ruben rudy russ russell rusty ryan salman sam
    sammy samuel sanjay saul scott sean sergei seth shane shaun shawn sid simon stan stanley
    stephan stephen steve steven stuart sven takeshi tariq ted teddy terrence theodore thomas
    tim timothy todd tom tommy tony travis trent trevor troy tunde tyler vernon victor vijay
    viktor vince vincent vladimir volodymyr wade wallace walt walter warren wayne wesley will
    william willie winston yusuf zach zachary"""
)
FEMALE = word_set(
    """abby abigail adaeze adriana adrienne agnes aisha alexandra alexis alice alicia alison
    allison alma alyssa amanda amber amelia amina amy ana andrea angela angelica anita anjali
    ann anna anne annette annie april arlene ashley astrid audrey ava barbara beatrice becky
    bernadette bernice bertha beth bethany betsy betty beverly bonnie brenda bridget brittany
    brooke caitlin camille candace carla carmen carol carolina caroline carolyn carrie catherine
    cathy cecilia celeste charlotte cheryl chiara chioma chloe christina christine cindy claire
    clara colleen connie cora courtney crystal cynthia daisy danielle darlene dawn debbie
    deborah debra deirdre delia denise diane dianne dolores donna doris dorothy edith eileen
    elaine eleanor elena elise eliza elizabeth ella ellen eloise elsa emily emma erica erin
    estelle esther eva eve evelyn faith fatima faye felicia fiona frances francesca gabriela
    gabrielle gail geraldine ginger giulia gladys gloria grace greta gretchen gwen gwendolyn
    hannah harriet heather heidi helen helena helene hillary holly hope hélène ida ines ingrid
    irene irina iris isabel isabella ivanka ivy jacinda jacqueline jane janet janice jeanne
    jeannie jenna jennie jennifer jenny jessica jill joan joanna joanne jodi josephine joy joyce
    juanita judith judy julia juliana julie june kamala kara karen kate katherine kathleen
    kathryn kathy katie kay keiko kellie kelsey kendra kimberly kirsten kristen kristin lakshmi
    lana latoya laura lauren layla leah leila lena lenora lillian lily linda lindsay lisa liz
    lois lori lorraine louise lucia lucille lucinda lucy luisa lydia madeline madison maggie
    malala marcia margaret margarita maria marian marianne marie marilyn marjorie marlene marta
    martha mary maryam maureen maxine maya megan mei melanie melinda melissa melody mercedes
    meredith michelle mildred mindy miranda miriam molly monica monique muriel myra nadia nancy
    naomi natalia natasha nellie ngozi nicole nora norma olga olivia pam pamela patricia patty
    paula pauline peggy penelope penny phyllis polly priscilla priya rachael rachel ramona
    rebecca regina renee rhonda rita roberta rosa rosalind rose rosemary roxanne ruby ruth
    sabrina sadie sakura sally samantha sandra sara sarah selena serena shannon sharon shauna
    sheila shelley sheri sherry shirley sofia sonia sonya sophia sophie stella stephanie sue
    sunita susan suzanne svetlana sylvia tamara tammy tara teresa terri theresa tiffany tina
    toni trisha ursula valerie vanessa vera veronica vicki victoria vivian wanda wanjiru wendy
    whitney winifred yasmin yolanda yuki yvette yvonne zainab zoe"""
)
