"""First names that tell whether "he" or "she" may follow; those borne by both are left out."""

from index.attribution_words import word_set

MALE = word_set(
    """aaron abdul abdullah abraham adam adrian ahmad ahmed aidan al alan alasdair alastair
    albert alec alejandro alexander alf alfie alfonso alfred algernon ali alistair allen
    alonso alphonse alvin ambrose amos anatoly anders andreas andrei andrew andré angus ansel
    anthony antoine anton antonio archie arjun armand armando arnold artem arthur arturo ashok
    augustus aurelio axel barry bartholomew basil bastian ben benedict benedikt benito
    benjamin bernard bernie bert bertrand bilal bill bjorn bob bobby bogdan boris boyd brad
    bradley brandon brendan brent brett brian brock bruce bruno byron caleb callum calvin carl
    carlos cecil cedric cesar chad charles charlie chester chidi chris christian christophe
    chuck clarence clay clifford clint clive clyde cody cole colin connor conrad constantine
    corey cornelius cory craig curtis cuthbert cyril cyrus dale damien damon dan daniel darius
    darren darryl dave david dean declan delroy dennis denny derek dermot des desmond dick
    diego dieter dietrich dimitri dirk dmitri domingo dominic don donald donovan doug douglas
    drew duncan dustin dwayne dwight eamon earl ed eddie edgar edmund eduardo edvard edward
    edwin efraín egon einar eli elias elijah elliott elmer emeka emil emilio emmanuel enoch
    enrique eoin ephraim eric erik ernest erwin esteban ethan eugene eustace evan fabian fabio
    faisal farouk felipe felix ferdinand fergus fernando finn fletcher floyd francesco franco
    frank frankie franz fred frederick fritz fyodor gareth garrett gary gaston gavin gennady
    geoff geoffrey george gerald gerard gil giles gino giorgio giovanni giuseppe glen glenn
    godfrey gordon gottfried graham grant grayson greg gregg gregory guillaume guillermo
    gunnar gunther gus gustav gustavo guy hakeem hal hamid hamish hamza hank hans harlan
    harold harry hartmut harvey hassan heath hector heinrich heinz helmut henry herbert herman
    hideo hiroshi horace horatio howard hubert hugh hugo humphrey hussein ian ibrahim idris
    ignacio igor imran ingmar irving isaac isidro ismail ivan ivor jack jacob jake jamal james
    jared jarvis jason jasper javed javier jay jeb jeff jeffery jeffrey jens jeremiah jeremy
    jerome jerry jesse jim jimmy joachim joaquin joaquín joe joel joey john johnny jon jonas
    jonathan joost jorge jose josef joseph josh joshua juan julian julio julius justin jürgen
    kareem karim karl kaspar keir keith kelvin ken kenji kenneth kent kevin khalid kieran kirk
    klaus kofi konrad konstantin kristof kurt kwabena kwame kyle lachlan lamar lambert lance
    larry lars laszlo laurent lawrence leander leif leo leon leonard leonardo leonid leopold
    leroy lewis lionel lloyd lorenzo lou louis luc luca lucas luciano ludwig luis luka luke
    luther magnus mahmoud malcolm malik manuel marc marcel marcello marcin marco marcus marek
    mariano mario marius mark marlon martin marvin mateo mateusz mathias matteo matthew
    maurice max maxim maximilian mehmet melvin mervyn micah michael mick miguel mike mikhail
    miles milo milos milton mitch mitchell mitt mohammad mohammed monty mordecai morris
    mortimer muhammad mustafa nasser nate nathan nathaniel neal ned neil neville niall
    nicholas nick nicolas niels nigel nikolai nikos nils noah norbert norman octavio olaf oleg
    oleksandr oliver omar oscar osman otto owen pablo paolo pascal patricio patrick
    paul pavel pedro percy pete peter phil philip phillip pierre piers pietro piotr preston
    quentin radu rafael raj rajesh ralph ramesh ramon ramón randy rashid raul ravi ray raymond
    raúl reggie reginald reinhard rené rex ricardo riccardo richard rick ricky rishi rob robby
    robert roberto rod rodney rodrigo roger roland rolf roman ron ronald ronan ronnie rory
    ross roy royce ruben rudy rufus rupert russ russell rusty ryan salman salvador salvatore
    sam samir sammy samuel sandeep sanjay saul scott seamus sean sebastian sergei
    sergio seth seymour shane shaun shawn sheldon sid silas simeon simon soren stan stanislav
    stanley stefan stefano stellan stephan stephen steve steven stuart sven tadeusz takeshi
    taras tariq ted teddy teodoro terrance terrence thaddeus theo theodore thierry thomas tim
    timothy tobias todd tom tomas tomasz tommy tony torsten travis trent trevor tristan troy
    tunde tyler tyrone ulrich umberto vadim valentin vasily vaughn vernon victor vijay vikram
    viktor vince vincent vladimir volker volodymyr wade wadim waleed wallace walt walter
    warren wayne werner wes wesley wilfred wilhelm will willem william willie winston wolfgang
    xavier yannick yevgeny youssef yusuf yves zach zachary zoltan"""
)
FEMALE = word_set(
    """abby abigail adaeze adele adriana adrienne agatha agnes aileen aisha alana alba
    aleksandra alessandra alexandra alexis alice alicia alina aline alison allison
    alma althea alyssa amalia amanda amara amber amelia amelie amina amy ana anais anastasia
    andrea anette angela angelica anika anita anja anjali ann anna anne anneliese annette
    annie annika antonia anushka april ariadne arlene ashley astrid audrey aurora ava ayesha
    barbara barbro beatrice beatrix becky bernadette bernice bertha beth bethany betsy bettina
    betty beverly bianca birgit blanche bonnie brenda bridget bridie brigitte brittany bronwen
    brooke caitlin camilla camille candace carina carla carmela carmen carol carolina caroline
    carolyn carrie catarina catherine cathy cecilia celeste celia charlotte cheryl chiara
    chioma chloe christina christine cindy claire clara clarissa claudette clementine colette
    colleen connie consuelo cora cordelia corinne courtney cristina crystal cynthia dagmar
    daisy dalia daniela danielle daphne darlene dawn debbie deborah debra deirdre delia
    delphine denise diane dianne dolores donna doris dorothea dorothy drusilla edith edwina
    eileen elaine eleanor elena eleni elisabeth elise eliza elizabeth elke ella ellen eloise
    elsa elspeth eluned emilia emily emma erica erin esme esmeralda estelle esther eugenia
    eunice eva eve evelyn faith fatima fatoumata faye felicia felicity fenella fiona flora
    florence frances francesca frederica frieda gabriela gabrielle gail gemma genevieve
    georgina geraldine gerda gertrude gillian gina ginger giulia gladys gloria grace
    greta gretchen griselda guadalupe gudrun gwen gwendolen gwendolyn gwyneth hanna hannah
    harriet hattie heather heidi helen helena helene helga henrietta hermione hilde hildegard
    hillary holly honor hope hortense hélène ida ileana imelda imogen ines inez inge ingeborg
    ingrid iona irene irina iris isabel isabella isabelle isla isobel ivana ivanka ivy jacinda
    jacinta jacqueline jana jane janet janice janine jasmine jeanette jeanne jeannie jemima
    jenna jennie jennifer jenny jessica jill joan joanna joanne jodi johanna josefina
    josephine josie joy joyce juanita judith judy julia juliana julie julieta june juno
    justine kamala kara karen karina karla katarina kate katerina katharina katherine kathleen
    kathryn kathy katie katja katrina kay keiko kellie kelsey kendra kimberly kirsten kirsty
    klara kristen kristin kristina laila lakshmi lana larissa latoya laura lauren lavinia
    layla leah leila lena lenora leonie leonora leontyne letitia lila lilian liliana lilith
    lillian lily linda lindsay lisa livia liz liza lois lori lorna lorraine louisa louise
    lucia luciana lucille lucinda lucy ludmila luisa luz lydia lyudmila mabel madeline madison
    maeve magda magdalena maggie maisie malala manuela marcella marcia margaret margarita
    marguerite maria mariam marian mariana marianne maribel marie marilyn marina marisol
    marjorie marlene marta martha martina mary maryam matilda maud maureen mavis maxine maya
    megan mei melanie melinda melissa melody mercedes meredith mette mia michelle mildred
    milena millicent mindy miranda miriam moira molly mona monica monique muriel myra nadia
    nadine nancy naomi natalia natasha nell nellie nerys ngozi nicola nicole nigella nina noor
    nora noreen norma ofelia olga olive olivia oona ophelia ottilie paloma pam pamela paola
    patricia patty paula paulina pauline peggy penelope penny perpetua petra petronella
    philippa phoebe phyllis pilar polly portia priscilla priti priya prudence rachael rachel
    ramona raquel rebecca regina renata renate renee renée rhiannon rhonda rita roberta
    rochelle rosa rosalie rosalind rosamund rosanna rosario rose rosemary rowena roxana
    roxanne ruby ruth sabina sabine sabrina sadie sakura sally salma samantha samira sandra
    saoirse sara sarah saskia selena selina selma serena shannon sharon shauna sheila shelley
    sheri sherry shirin shirley sigrid simone sinead siobhan sofia solange soledad solveig
    sonia sonja sonya sophia sophie soraya stella stephanie sue sunita susan suzanne svetlana
    sybil sylvia sylvie tabitha tallulah tamara tammy tanya tara tatiana teresa terri tess
    tessa thelma theodora theresa thora tiffany tilda tina toni trisha trudy una ursula
    valentina valeria valerie vanessa vera verity veronica vicki vida viola violet
    vivian viviana vivienne walburga wanda wanjiru wendy whitney wilhelmina winifred xenia
    yara yasmin yolanda yuki yvette yvonne zadie zainab zara zelda zeynep zoe zoë"""
)
