"""First names that tell whether "he" or "she" may follow; those borne by both are left out."""

from index.attribution_words import word_set

MALE = word_set(
    """aaron abdul abdulaziz abdulhaq abdulla abdullah abebe abhijit abhishek abraham achim
    adam adewale aditya adolf adrian agus agustin ahmad ahmed aidan ajay ajit akash akhil aki
    akira al alain alan alasdair alastair albert alberto aldo alec alejandro aleksi
    alessandro alexander alexandre alexei alf alfie alfonso alfred algernon ali alistair
    allen alok alonso alphonse alvaro alvin amar ambrose amir amit amitabh amos anand anatoly
    anders andreas andrei andrew andriy andrzej andré andrés angus anil ankit ansel anthony
    antoine anton antonio antti anurag anwar aram arash archie ari arif arjun armand armando
    armen arnaud arne arnold artem arthur arto artur arturo arun arunabh arvid arvind asbjørn
    asen ashish ashok ashraf ashwin asif askar attila augustus aurelio axel ayo azamat aziz
    azmi babar babatunde bakyt baltasar balázs bambang barack baraka barney barry bart
    bartholomew bashir basil bastian ben bence benedict benedikt bengt benito benjamin benny
    benoit benoît berhane bernard berndt bernie bert bertil bertrand bharat bhaskar biff
    bilal bill binh bjorn björn bo bob bobbie bobby bogdan bohdan bohumil bojan
    bongani boris boyd boyko brad bradley bram brandon branislav branko brendan brent brett
    brian brock bruce bruno buck bud budi burak byron caleb callum calvin carl carlo carlos
    cecil cedric cem cenk cesar ceyhun chad chandan charles charlie chester chet chidi
    chinedu christian christophe christos chuck chuka clarence claudio clay clem cletus
    cliff clifford clint clive clyde cody cole colin connor conor conrad constantin
    constantine corey cornelius cory costas craig cristian cristiano csaba curt curtis
    cuthbert cyril cyrille cyrus călin cătălin daan daiki dale dalibor dalton damien damon
    dan daniel danilo danny darius darko darrell darren darryl dave david davide davor dawit
    dax dean debashish declan deepak deion dejan delbert delroy deniz dennis denny denver
    denzel derek dermot des desmond dev devendra dewey dexter dhruv dick diego dieter
    dietrich dilip dimitri dimitrios dimitris dinesh dirk dmitri dmytro domingo dominic
    dominick don donald donny donovan doug douglas dragan drago dragoș duane duc duke
    duncan dustin dusty dušan dwayne dwight dylan dániel eamon eamonn earl ed eddie edgar
    edin edmund eduard eduardo edvard edward edwin eero efrain efraín egil egon einar eirik
    eli elias elijah elliott elmer elon elwood emeka emil emile emilio emmanuel emmet emmett
    emory emre enoch enrique enzo eoin ephraim erdem eric erich erik erling ernest ernesto
    ernst errol erwin esa eskil esteban ethan etienne eugene eustace evan evgeny ezekiel ezra
    fabian fabio faisal farhan farid faron farouk federico felipe felix femi ferdinand ferenc
    fergus fernando fidel finn fintan fletcher flint florian florin floyd francesco franco
    frank frankie franz fred frederick fredrik fritz frode fyodor gabriel ganesh garba gareth
    garland garrett garth gary gaston gautam gavin gaël geir gennady geoff geoffrey georg
    george georges georgi gerald gerard gerhard gevorg gheorghe gianni giannis gibson gil
    gilbert giles gino giorgi giorgio giorgos giovanni girish girma giuseppe gjert glen glenn
    godfrey gonzalo gopal goran gordon goro gottfried graeme graham grant grayson greg gregg
    gregor gregory grigory grzegorz guillaume guillermo gunnar gunther gus gustav gustavo
    guy gyula gábor géza gösta habib habibullah hafizullah haile haji hakan hakeem hal
    halvard halvor hamed hamid hamidullah hamish hamisi hamza hank hannu hans harald hari
    harish harlan harold harry harsh hartmut haruto harvey hashim hassan hayden hayk heath
    hector heikki heiko heinrich heinz hekmat helmut hemant henri henrik henry herb herbert
    herman hermann hernán hideo hilmar hiro hiroki hiroshi hitesh holden homer horace horatio
    horia horst hossein howard hoyt hristo hubert hugh hugo humphrey hung hunter hussein hyun
    håkan håvard ian ibrahim ichiro idris ifeanyi ignacio igor ihor ike ilham ilie ilkka ilya
    imad imran imre ingmar ioan ion iqbal ira irakli irvin irving isaac isaiah ishaan isidro
    ismail issam istván ivan ivica ivo ivor iván iñaki jaap jack jacob jacques jagdish jagger
    jair jake jakob jakub jalal jamal james jamil jan janusz jared jari jarl jarmo jaroslav
    jarosław jarrod jarvis jason jasper jatin javad javed javier jay jayant jean-claude
    jean-loup jean-luc jean-pierre jeb jed jeff jefferson jeffery jeffrey jem jens jeremiah
    jeremy jermaine jerome jerry jerzy jesse jethro jim jimbo jimmy jiro jiří joachim joaquin
    joaquín jock joe joel joey johan johann johannes john johnny joko jomo jon jonas jonathan
    joost jordi jorge joris jorma jose josef joseph josh joshua josé jovan joão juan jude
    juergen juha jukka julian julio julius juma justin justus jános jérôme józsef jørgen jørn
    jürg jürgen kai kailash kamal kamau kamran kapil karam kareem karel karim karl karl-heinz
    kartik karzai kaspar kassym kayode kazuki kazuo keir keith kelechi kelvin kemal ken kenji
    kenneth kenny kent kenta kentaro kerem kevin khaled khalid khalil kieran kimi kip
    kipchoge kiprono kirk kishore kjell kjetil klaas klaus knox knut kofi konrad konstantin
    kostas krasimir kristof krzysztof kunal kunle kurt kurtis kwabena kwame kyle kåre lachlan
    ladislav lafayette laith lajos lalit lamar lambert lamont lance larry lars lars-erik
    lasse laszlo latif laurent lauri lawrence leander leandro lech lefteris leif leland
    lennart lenny leo leon leonard leonardo leonid leopold leroy lester leszek levan levi
    lewis liam lincoln linus linwood lionel liviu ljubomir lloyd lokesh lonnie lorenzo lorne
    lou louis lowell lubomír luc luca lucas luciano lucius ludwig luigi luis luka lukas luke
    lungelo luther lyle lyndon lászló maarten maciej maciek mack madhav mads magnus mahdi
    maher mahesh mahmood mahmoud majid malcolm malik mamadou mandla maneesh manfred manish
    manny manoj manolis manolo mansour manuel marat marc marcel marcello marcelo marcin marco
    marcus marek mariano mario marius mariusz mark markku marko marlon martin martín marvin
    marwan masato mason massimo mateo mateusz mathias mathieu matt matteo matthew matthias
    matthijs matti mattias maurice mauricio mauro maverick max maxim maximilian mazen mehdi
    mehmet melvin merle merlin mert mervyn micah michael michalis mick miguel mihai mika mike
    mikhail mikko miklos miklós milan milburn miles millard milo milorad milos miloš milton
    minh mircea miroslav mirosław mirwais mirza mitch mitchell mitt mladen mogens mohamed
    mohammad mohammed mohan mohit mohsen moises moisés momčilo monroe monty mordecai morris
    mort morten mortimer mose moses moshe moussa muhammad mukesh mukul mulugeta munir murali
    murat murray musa mustafa mwangi mykhailo mykola myron márton nabih nabil nader najib
    najibullah nandan naoki narendra naresh nash nasser nate nathan nathaniel naveed neal
    nebojša ned neil nelson nenad nestor neville newt newton nguyen-van niall nicholas nick
    nicolae nicolas nicușor niels nigel niilo nikhil nikola nikolai nikolaos nikos nils nitin
    nizar nnamdi noah nobby noorullah norbert norm norman norris nursultan oakley obinna
    ochieng octavian octavio oddvar odell ola olaf olav oldřich ole oleg oleh oleksandr olin
    oliver olivier olli olu omar omid ondřej onur oren orlando orson orville oscar oskar
    osman ostap osvaldo otha otieno otis otto ousmane oussama ovidiu owen ozzie pablo paddy
    palle palmer panagiotis pankaj panos paolo pascal patricio patrick patrik paul pavel
    pavol paweł pedro pekka per percy pernell pete peter petr petro petros petter phil philip
    philippe phillip pierce pierre piers pieter pietro piotr plamen porter poul prabhu
    pradeep prakash prasad pravin preben predrag pres preston przemysław péter qadir qasim
    quang quentin quincy quinton radek radovan radu rafael rafał rafiq ragnar rahmatullah
    rahul raj rajesh rajiv rakesh ralph ralphie ramesh rami ramon ramzan ramón rand randal
    randall randy ranjit raphael rashad rashed rashid rasmus ratko raul ravi ray raylan
    raymond raymundo raúl reggie reginald reijo reinhard remington rené rex reza rhett rhys
    riad ricardo riccardo rich richard rick ricky ridge ridha rikard rip rishi risto rizal
    rob robbie robby robert roberto rocco rod roddy roderick rodney rodrigo rogelio roger
    rohan rohit roland rolf romain roman ron ronald ronan ronnie ronny roosevelt rory roscoe
    ross rostislav rovshan roy royal royce rube ruben rudy rudyard rufus rumen rune rupert
    ruslan russ russell rustam rusty ryan ryota ryszard răzvan sabri sachin saeed sakari
    salah salim salman salvador salvatore sameer sameh samer sami samir sammy samuel
    sandeep sander sanford sani sanjay sanjeev santiago satish satoshi saul sayed scott
    seamus sean sebastian segun selçuk seppo serge sergei sergey sergio serhiy seth seydou
    seymour shadi shafi shafiq shahid shane shankar sharif shashi shaun shawn sheldon sher
    sherman sherwood shinzo shiv shlomo shota shyam sibusiso sid siddharth sigmund sigurd
    silas simeon simon sindre sipho siyabonga sizwe skip slamet slavko slim slobodan snorre
    somchai sonny soren sorin spencer spyros srinivas srđan stan stanislav stanisław stanley
    stavros steen stefan stefano stefanos steinar stellan stephan stephen sterling stevan
    steve steven stevie stewart stig stuart subramanian sudhir sukumar sulaiman suleiman
    sunder sunil suresh surya svein sven sverre sylvain sylvester szabolcs szymon sándor
    tadeusz taha takeshi talmadge tamer tamás tapio taras tarek tariq taro tarun tate tatenda
    tauno tawfik tayyip ted teddy tendai teodoro terence terje terrance terrence tesfaye tex
    thabang thabo thaddeus thanh thanos themba theo theodore thiago thierry thodoris thom
    thomas thor thorbjørn thorstein thurgood thurman tiago tibor tigran tim timo timothy
    titus tobias tobin toby todd todor toivo tolga tom tomas tomasz tomislav tommy tomás
    tonio tony tor torbjörn tore torgeir torkel torsten toshi traian travis trent trevor trey
    tristan trond troy truett truman trygve tsvetan tuan tucker tunde tunji tuomas turner ty
    tyler tyrone uday ulf ulrich ulrik ulysses umar umberto umesh umut urho uwe vadim vahagn
    vakhtang valentin varun vasile vasilis vasily vasyl vaughn venkatesh vernon vic victor
    vidar vijay vijayan vikash vikram viktor vinay vinayak vince vincent vinod virgil vitaly
    vito vivek vlad vladimir vladislav vojislav vojtěch volkan volker volodymyr vuk václav
    väinö wade wadim wael wakil waleed walid wallace wallis walt walter ward warren wasim
    wayne webb wendell werner wes wesley wiesław wilbur wilburn wiley wilfred wilhelm will
    willem willi william willie winfried winston witold wojciech wolfgang woodrow woody wyatt
    xavi xavier yahya yakubu yancey yannick yannis yaqub yaroslav yash yasser yates yevgeny
    yevhen yiannis yitzhak yoav yogesh yonas yordan yorgos yoshio younis youssef yuri yuriy
    yusuf yusuke yuta yves zabihullah zach zachary zack zafar zaid zain zaki zalmay zane
    zbigniew zdeněk zdravko zdzisław zeb zeke ziad ziauddin zlatko zoltan zoltán zoran zsolt
    zubair zurab zweli zygmunt åge étienne øystein łukasz željko"""
)
FEMALE = word_set(
    """abby abena abeni abigail abla achieng adaeze adebola adela adelaide adele adriana
    adrienne adunni adwoa afua agatha agnes agneta agnieszka ahlam aicha aikaterini aiko
    aileen aino aisha aishwarya akiko akinyi akosua alana alba alejandra aleksandra alena
    alessandra alexa alexandra alexandria alexis alice alicia alina aline alison aliyah
    allison alma almaz althea alva alyssa ama amaka amal amalia amanda amandine amani amara
    amarachi amber ameera amelia amelie amina aminah aminata amira amy ana anahit anais
    ananya anastasia anaïs andreea andréa anett anette angela angelica angeliki
    angelina angeline angelique angie ani anika anikó anisa anita anja anjali anjum ann
    ann-marie anna annalise anne anne-marie anneli anneliese annemarie annette annie annika
    anthoula antoinette antonia anushka aoife aparna april archana ariadne arlene arlette
    asha ashanti asma asta astrid atieno audrey augusta aurora aurélie ava awino
    ayesha ayu ayumi azadeh aziza aïcha bahar barb barbara barbro basma beata beatrice
    beatrix becky belinda bella benazir berit bernadette bernadine bernice bertha bessie beth
    bethany bethlehem betsy bettina betty beverly beáta bhavna bianca birgit birgitta
    birgitte blanche blanka bodil boglárka bojana bonnie bożena božena brandi branka brenda
    bridget bridie brigitte brita britt brittany bronagh bronwen brooke bríd bushra busisiwe
    caitlin camilla candace candice caoimhe carina carla carly carmel carmela carmen
    carol carole carolina caroline carolyn carrie cassandra cassie catalina catarina
    catherine cathrine cathy cecile cecilia cecilie cecily celeste celia chantal
    chantelle charlene charlotte chelsea cherie cheryl chiamaka chiara chieko chinwe chioma
    chitra chloe christa christiane christina christine ciara cindy claire clara clare
    clarissa claudette claudia claudine clementine colette colleen concetta connie constance
    consuelo cora corazon cordelia coretta corina corinne courtney crina cristina crystal
    csilla cynthia dagmar dagny daisy dalal dalia danica daniela danielle danijela
    danuta daphne darla darlene dawn deanna deb debbie deborah debra deepa deepika deirdre
    delia delphina delphine denise desiree despina devi dewi diane dianne dilys dima dimitra
    dina divya doina dolly dolores donatella donna dora doreen doris dorota dorothea dorothy
    dragana drahomíra drusilla dubravka dulce dunya durga dušanka dóra ebba ebele ebony edit
    edith edna edwina effie efi efua eija eila eileen eimear eirini eithne elaine eleanor
    elena eleni elif elin elina elisa elisabeth elise eliza elizabete elizabeth eliška elke
    ella ellen ellie elodie eloise elsa else elspeth eluned elżbieta embla emel emiko emilia
    emily emine emma emmanuelle emmi enikő erica erika erin ernestine erzsébet esi esin esme
    esmeralda esra estela estelle esther eszter etsuko etta eugenia eugenie eunice eva
    evangelia evangeline evdokia eve evelina evelyn ewa fabienne faith fang farah farida
    fatemeh faten fatima fatma fatoumata fawzia faye felicia felicity fenella fernanda filipa
    fiona fionnuala fitri flora florence folake foteini frances francesca franziska frederica
    freshta freya friba frida frieda fruzsina fumiko funke funmi gabriela gabrielle gail
    galina gamze gauri gayane gayatri geeta gemma genet genevieve georgette georgia georgiana
    georgie georgina geraldine gerd gerda germaine gertrude ghada ghislaine gillian gina
    ginger gisela gisele gita giulia gizella gladys gloria gobnait goldie gordana grace
    graciela grainne grażyna greta gretchen grete griselda gro gráinne gréta guadalupe gudrun
    gunhild gunilla gunn gwen gwendolen gwendolyn gwyneth gyda gyöngyi gül gülsen habiba
    hadeel hadiya haifa hajnalka hala halima halina hallie hana hanako hanan handan hanna
    hannah hanne hanneke harini harriet haruka harumi hasmik hatice hattie hawa hazel
    heather heba hedda hedwig hege heidi heike helen helena helene helga helle helmi heloise
    hema henny henrietta hermione hilary hilda hilde hildegard hilkka hillary hillevi hina
    hind hiroko hirut holly hong honor hope hortense huda huong hélène hülya ibolya ida idun
    ifeoma ijeoma ildikó ileana ilknur ilona ilse iman imane imelda imogen inaam indah indira
    ines inez inga inge ingeborg inger ingrid inkeri intisar inès ioana ioanna iolanda iona
    ipek irena irene irina iris irmeli irén isabel isabela isabella isabelle isha isidora
    isla isobel iuliana ivana ivanka ivonne ivy iwona jacinda jacinta jacklyn jacqueline
    jadranka jadwiga jamila jana jane janelle janet janette janice janine jarmila jaroslava
    jasmina jasmine jasna jaya jayanthi jayne jeanette jeanine jeanne jeannette jeannie
    jelena jemima jenifer jenna jenni jennie jennifer jenny jess jessica jill jitka jiřina
    joan joana joanna joanne jocelyn jodi jodie johanna jolanta jolene jorunn josefina
    josephine josiane josie jovana joy joyce juanita judi judit judith judy julia juliana
    julianne julie julieta june junko juno justine justyna jyoti jytte júlia kadija kaisa
    kaitlyn kalpana kamala kanchan kaori kara karen karima karin karina karla kasia katalin
    katarina katarzyna kate katerina kateřina katharina katherine kathleen kathrin kathryn
    kathy katica katie katja katri katrina kavita kavitha kawthar kay kayla kayleigh kazuko
    kehinde keiko keisha kellie kelsey kendra ketevan khadija kimberly kinga kiri kirsi
    kirsten kirstie kirsty kjersti klara klára komal kristen kristin kristina kristine
    kriszta krisztina krystyna kumiko květa kyriaki lacey laila lakshmi lalita lama lamia lan
    lana larissa lata latifa latisha latoya laura laure lauren lavinia layla leah leanne
    leela leena leila lela lena lene lenka lenora leona leonie leonora leontyne lerato
    leticia letitia leyla libuše lidia lidija liesl liisa lila lilian liliana lilith lill
    lillian lily lina linda lindiwe linh linn linnea lisa lisbet lisbeth lise liv
    livia liz liza ljiljana ljubica lois lola lone loredana loretta lori lorna lorraine lotte
    louisa louise lourdes lubna lucia luciana luciene lucienne lucille lucinda lucy lucía
    ludivine ludmila luisa luminița lusine luz lydia lynda lynette lynne lyudmila lívia
    maarit mabel mackenzie madeleine madeline madhuri madison maeve magda magdalena magdolna
    maggie maha mai maija maiken maisa maisie maj maja maka makena malala malalai malika
    malin malini mamta manal manana manar mandy manisha manuela marcella marcia margaret
    margareta margarethe margarita margery margit margot margrethe marguerite maria mariam
    marian mariana marianne maribel marie marija marijana mariko marilyn marina marisa
    marisol marit maritza marjatta marjolein marjorie marketta markéta marla marlene marlies
    marta marte martha martina martine mary maryam maryanne marzena marzia maría masha
    mathilde matilda maud maura maureen mavis maxine may maya mayada maysoon małgorzata
    meenakshi meenal meera megan megumi mehwish mei mei-ling melania melanie melek melina
    melinda melissa melody mercedes mercy meredith merete merve meryem meryl meseret meta
    mette mia michaela micheline michelle michiko mieko mihaela miho mila milada mildred
    milena milica millicent miluše mimi mindy minna minnie mira miranda mirela miriam mirja
    mirjam mirjana miroslava mirosława misaki mitsuko mitzi miyuki moira molly mona monica
    monika monique mridula mukta mulu muna muriel muthoni mwanaidi myra myriam myrtle mária
    márta mónika mădălina nada nadia nadine nadiya nadja nadège nahid nahla naima najla najwa
    nalini namrata nancy nandini nandita nanette naoko naomi narine nasreen natacha natalia
    natalie natasha nataša nathalie natsuki nawal nazan neelam neema neha nell nellie nermin
    nerys nesrine nevena ngoc ngozi nia niamh nicole nicoleta nicolette nidhi nigella
    niina niki nilda nilgün nilufar nina nino nirmala nisha nita njeri nkechi nneka nokuthula
    nomsa nomvula noora nora noreen noriko norma nosipho nour ntombi nuala nuha
    nuray nuria nyambura nóra oana oda odette odile ofelia oksana olena olga olive olivera
    olivia olufunke omolara oona ophelia orla orlaith orsolya otilia ottilie outi padma
    palesa pallavi paloma pam pamela panagiota paola paraskevi parisa parvati parveen parwin
    pascale patricia patty paula paulina pauline pavla peggy penelope penny perla perpetua
    petra petronela petronella philippa phoebe phumzile phuong phyllis pia pilar pippa pirjo
    pirkko piroska polina polly polyxeni pooja portia prabha pratibha pratima preethi preeti
    prema priscilla priti priya priyanka prudence pushpa putri päivi pınar qiana rabab
    rachael rachel rada radha radhika radka radmila ragnhild rahel raija raina raisa raja
    rajni raluca rama ramona rana randi rania ranjana raquel rasha rashida rashmi ratna razia
    rebecca reem reema regina rehema reidun reiko rekha renata renate renee renu renuka
    renée revathi rhiannon rhonda rie rihanna riikka riitta rim rina risa rita ritsuko ritva
    roberta rochelle rohini roisin rola romina ronja ronke roopa rosa rosalia rosalie
    rosalind rosalinda rosamund rosanna rosanne rosario rose rosemary rosetta rowaida rowena
    roxana roxanne roya roza rozália ruba ruby ruchi rukhsana rupa ruqayya rut ruta ruth
    ruxandra ružica réka róisín saara saba sabah sabiha sabina sabine sabita sabrina sachiko
    sadhana sadhbh sadia sadie safaa safiya sahar sakura sally salma samah samantha samira
    sana sandra sangeeta sania sanja sanna saoirse sara sarah sarala saraswati sari sarita
    saroj saskia satoko satu savannah savita sawsan sayuri sedef sediqa seema seija selam
    selena selin selina selma senait serena setsuko sevgi sevim shabana shabnam shae shafiqa
    shahd shaila shaima shakiba shakira shalini shamima shana shanice shannon shanti sharmila
    sharon shauna shazia sheela sheena sheila shelley sheri sherry shilpa shirin shirine
    shirley shizuko shobha shraddha shreya shruti shukria shweta sibel sidsel sigrid silje
    silke silvia simin simisola simona sinead sini sinéad siobhan siobhán siranush
    siri sirpa sissel siti siv siân slavica smita sneha snežana sofia soili solange soledad
    solene solfrid solveig sonal sonali sondos sonia sonja sonya sophia sophie soraya sorcha
    sorina souad soňa sri sridevi stacey stacy stavroula stella stephanie stephany subhadra
    subira suchitra sudha sue suha suhair sujata sulochana sumiko sumitra sunanda
    sunita sunniva supriya surbhi surekha susan susana susanna susanne sushila sushma suvi
    suzanna suzanne suzette svetlana světlana swati sybil sylvia sylvie sylwia synnøve
    szilvia sára tabassum tabitha taghreed tahani taina takako tallulah tamar tamara tammy
    tamsin tamta tania tanja tansy tanvi tanya tara tarja tatiana tatjana tatyana tebogo
    temitope teodora teresa tereza terri terttu terézia tess tessa thandi thandiwe thelma
    thembi theodora theresa therese thi thora thuy thérèse tiffany tigist tiina tilda tina
    titilayo tomoko tone tonya torill toshiko tove traci tricia trine trisha trudy tuba
    tuija turid tuula tuva tytti tímea tülay tünde ulla ulrike uma una unni urmila ursula
    urszula usha ute valentina valeria valerie valéria vandana vanessa vani varsha vasiliki
    vasudha vendula vera verena verity veronica veronika veronique vesna vibeke vicki vicky
    vida vidya vigdis viktória vilma vimala vineeta viola violet violeta viorica virginia
    vivian viviana vivien vivienne vlasta vuokko véronique věra wafa wajma walburga wambui
    wanda wangari wanjiku wanjiru wenche wendy whitney wiesława wijdan wilhelmina wilma
    winifred winnie wulan xenia xiaohong xiomara xiulan yael yara yasmin yasmina yasmine
    yasuko yekaterina yelena yeliz yetunde yewande yodit yoko yolanda yoshiko yuki yuko yulia
    yuliya yumi yusra yvette yvonne zadie zahra zainab zakia zanele zara zarghona zarmina
    zawadi zdena zdeňka zehra zeina zeinab zelda zena zerrin zeynep zinaida zita zoe zofia
    zohra zoi zora zorica zoë zsuzsanna zsófia zuleika zuzana ágnes åse élise éva özlem
    şebnem šárka željka ștefania"""
)
