/*
 * CQL2 text (OGC 21-065), after the standard's cql2.bnf.
 *
 * The standard's productions for boolean, arithmetic, array and grouped expressions begin alike, with a parenthesis of
 * any depth. Here they share one chain of rules, so that one or two tokens always decide and parsing takes linear time;
 * TreeBuilder then refuses what the standard does not combine, such as adding two conditions.
 */
grammar Cql2;

options {
    caseInsensitive = true;
}

filter
    : booleanExpression EOF
    ;

booleanExpression
    : booleanTerm (OR booleanTerm)*
    ;

booleanTerm
    : booleanFactor (AND booleanFactor)*
    ;

booleanFactor
    : NOT* predicate
    ;

predicate
    : arithmeticExpression predicateTail?
    ;

predicateTail
    : comparisonOperator arithmeticExpression                                            # comparison
    | NOT? membership                                                                    # member
    | IS NOT? NULL                                                                       # isNull
    ;

membership
    : LIKE patternExpression                                                             # like
    | BETWEEN arithmeticExpression AND arithmeticExpression                              # between
    | IN LPAREN arithmeticExpression (COMMA arithmeticExpression)* RPAREN                # inList
    ;

comparisonOperator
    : EQUAL
    | NOT_EQUAL
    | LESS
    | LESS_OR_EQUAL
    | GREATER
    | GREATER_OR_EQUAL
    ;

patternExpression
    : (CASEI | ACCENTI) LPAREN patternExpression RPAREN                                  # foldedPattern
    | CHARACTER_LITERAL                                                                  # plainPattern
    ;

arithmeticExpression
    : arithmeticTerm ((PLUS | MINUS) arithmeticTerm)*
    ;

arithmeticTerm
    : powerTerm ((STAR | SLASH | PERCENT | DIV) powerTerm)*
    ;

powerTerm
    : arithmeticFactor (CARET arithmeticFactor)?
    ;

arithmeticFactor
    : PLUS? NUMBER                                                                       # number
    | MINUS (signedNumber | primary)                                                     # minus
    | primary                                                                            # plain
    ;

primary
    : group
    | CHARACTER_LITERAL
    | booleanLiteral
    | characterFunction
    | instant
    | interval
    | geometry
    | standardFunction
    | function
    | propertyName
    ;

/* An expression in parentheses, or an array. */
group
    : LPAREN (booleanExpression (COMMA booleanExpression)*)? RPAREN
    ;

booleanLiteral
    : TRUE
    | FALSE
    ;

characterFunction
    : (CASEI | ACCENTI) LPAREN primary RPAREN
    ;

instant
    : (DATE | TIMESTAMP) LPAREN CHARACTER_LITERAL RPAREN
    ;

interval
    : INTERVAL LPAREN intervalBound COMMA intervalBound RPAREN
    ;

intervalBound
    : CHARACTER_LITERAL
    | instant
    | function
    | propertyName
    ;

standardFunction
    : (SPATIAL_FUNCTION | TEMPORAL_FUNCTION | ARRAY_FUNCTION) LPAREN booleanExpression COMMA booleanExpression RPAREN
    ;

function
    : (IDENTIFIER | DIV | EMPTY | Z) LPAREN (booleanExpression (COMMA booleanExpression)*)? RPAREN
    ;

propertyName
    : identifier
    | QUOTED_NAME
    ;

/* Words that mean something only before a parenthesis or after an operand stay free as names. */
identifier
    : IDENTIFIER
    | ACCENTI
    | ARRAY_FUNCTION
    | BBOX
    | CASEI
    | DATE
    | DIV
    | EMPTY
    | GEOMETRYCOLLECTION
    | INTERVAL
    | LINESTRING
    | MULTILINESTRING
    | MULTIPOINT
    | MULTIPOLYGON
    | POINT
    | POLYGON
    | SPATIAL_FUNCTION
    | TEMPORAL_FUNCTION
    | TIMESTAMP
    | Z
    ;

geometry
    : simpleGeometry
    | GEOMETRYCOLLECTION Z? LPAREN simpleGeometry (COMMA simpleGeometry)* RPAREN
    | BBOX LPAREN signedNumber COMMA signedNumber COMMA signedNumber COMMA signedNumber
        (COMMA signedNumber (COMMA signedNumber)?)? RPAREN
    ;

simpleGeometry
    : POINT Z? pointText
    | LINESTRING Z? lineStringText
    | POLYGON Z? polygonText
    | MULTIPOINT Z? LPAREN pointText (COMMA pointText)* RPAREN
    | MULTILINESTRING Z? LPAREN lineStringText (COMMA lineStringText)* RPAREN
    | MULTIPOLYGON Z? LPAREN polygonText (COMMA polygonText)* RPAREN
    ;

pointText
    : LPAREN point RPAREN
    ;

lineStringText
    : LPAREN point COMMA point (COMMA point)* RPAREN
    ;

polygonText
    : LPAREN linearRing (COMMA linearRing)* RPAREN
    ;

linearRing
    : EMPTY
    | LPAREN point COMMA point COMMA point COMMA point (COMMA point)* RPAREN
    ;

point
    : signedNumber signedNumber signedNumber?
    ;

signedNumber
    : (PLUS | MINUS)? NUMBER
    ;

/* Before IDENTIFIER: of two rules that match the same text the first wins. */
ACCENTI: 'accenti';
AND: 'and';
BBOX: 'bbox';
BETWEEN: 'between';
CASEI: 'casei';
DATE: 'date';
DIV: 'div';
EMPTY: 'empty';
FALSE: 'false';
GEOMETRYCOLLECTION: 'geometrycollection';
IN: 'in';
INTERVAL: 'interval';
IS: 'is';
LIKE: 'like';
LINESTRING: 'linestring';
MULTILINESTRING: 'multilinestring';
MULTIPOINT: 'multipoint';
MULTIPOLYGON: 'multipolygon';
NOT: 'not';
NULL: 'null';
OR: 'or';
POINT: 'point';
POLYGON: 'polygon';
TIMESTAMP: 'timestamp';
TRUE: 'true';
Z: 'z';

SPATIAL_FUNCTION
    : 's_intersects'
    | 's_equals'
    | 's_disjoint'
    | 's_touches'
    | 's_within'
    | 's_overlaps'
    | 's_crosses'
    | 's_contains'
    ;

TEMPORAL_FUNCTION
    : 't_after'
    | 't_before'
    | 't_contains'
    | 't_disjoint'
    | 't_during'
    | 't_equals'
    | 't_finishedby'
    | 't_finishes'
    | 't_intersects'
    | 't_meets'
    | 't_metby'
    | 't_overlappedby'
    | 't_overlaps'
    | 't_startedby'
    | 't_starts'
    ;

ARRAY_FUNCTION
    : 'a_equals'
    | 'a_contains'
    | 'a_containedby'
    | 'a_overlaps'
    ;

/* The standard writes the parts of an operator as terminals of their own. */
NOT_EQUAL: '<' WHITE_SPACE* '>';
LESS_OR_EQUAL: '<' WHITE_SPACE* '=';
GREATER_OR_EQUAL: '>' WHITE_SPACE* '=';
EQUAL: '=';
LESS: '<';
GREATER: '>';
LPAREN: '(';
RPAREN: ')';
COMMA: ',';
PLUS: '+';
MINUS: '-';
STAR: '*';
SLASH: '/';
PERCENT: '%';
CARET: '^';

NUMBER
    : (DIGIT+ ('.' DIGIT*)? | '.' DIGIT+) ('e' [+-]? DIGIT+)?
    ;

/*
 * A quote inside is doubled, or follows a backslash. Elsewhere a backslash is an ordinary character; but a literal could
 * not end in one then, so backslashes right before a quote are halved: 'C:\\' is the text C:\ with its one backslash.
 */
CHARACTER_LITERAL
    : CHARACTER_START '\''
    ;

QUOTED_NAME
    : '"' (~["] | '""')* '"'
    ;

IDENTIFIER options { caseInsensitive = false; }
    : IDENTIFIER_START IDENTIFIER_PART*
    ;

WS
    : WHITE_SPACE+ -> skip
    ;

/* What people write who come from elsewhere, and what is left open: known only to be refused with advice. */
DOUBLE_EQUAL: '==';
BANG_EQUAL: '!=';
EQUAL_LESS: '=<';
EQUAL_GREATER: '=>';
AND_SIGNS: '&&';
OR_SIGNS: '||';
BANG: '!';
UNCLOSED_LITERAL: CHARACTER_START '\\'?;
UNCLOSED_NAME: '"' (~["] | '""')*;
UNKNOWN: .;

fragment CHARACTER_START
    : '\'' (~['\\] | '\'\'' | '\\' .)*
    ;

fragment DIGIT
    : [0-9]
    ;

fragment WHITE_SPACE
    : [\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]
    ;

fragment IDENTIFIER_START options { caseInsensitive = false; }
    : [:_A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D]
    /* Without the Ogham space, which the standard lists as white space, too. */
    | [\u037F-\u167F\u1681-\u1FFE]
    | [\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD]
    | [\u{10000}-\u{EFFFF}]
    ;

fragment IDENTIFIER_PART options { caseInsensitive = false; }
    : IDENTIFIER_START
    | [.0-9\u0300-\u036F\u203F-\u2040]
    ;
