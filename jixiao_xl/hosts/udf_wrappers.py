"""The VBA side of the functions, as text made from jixiao_xl/model/functions.py: nobody has to import
anything in Excel, so nobody needs "Trust access to the VBA project".

A wrapper hands over values, not ranges (one call to Python, whatever the number of cells), and makes
cell errors of the integers that stand for them. Chinese is written as hexadecimal UTF-16, because
VBA source has the code page of the machine it is opened on.
"""

from __future__ import annotations

from jixiao_xl.model.functions import CATEGORY, FUNCTIONS, Argument, Function

FILE = "JixiaoUdfs.bas"
_HEAD = """\
Attribute VB_Name = "JixiaoUdfs"
Option Explicit
' Made by macros/build.py from jixiao_xl/model/functions.py: change it there.

Private Const PYTHON_MODULE As String = "jixiao_xl.hosts.excel_udfs"
Private Const NOT_AVAILABLE As Long = 2042
Private Const FIRST_SCODE As Long = -2146828288
Private Const RETRY_S As Double = 30
Private FailedAt As Double
"""

_WRAPPER = """
Public Function {name}({parameters}) As Variant
{defaults}    {name} = JxAnswer("{name}", Array({values}))
End Function
"""

_TAIL = """
' What Python answers; #N/A when it cannot be asked. A Python that did not start is not tried again for
' half a minute: every cell of the sheet would wait for it.
Private Function JxAnswer(ByVal FunctionName As String, ByVal Arguments As Variant) As Variant
    Dim Server As Object
    JxAnswer = CVErr(NOT_AVAILABLE)
    If FailedAt > 0 Then
        If Abs(Timer - FailedAt) < RETRY_S Then Exit Function
    End If
    On Error GoTo NoPython
    Set Server = XLPy()
    FailedAt = 0
    On Error GoTo Failed
    JxAnswer = JxCells(Server.CallUDF(PYTHON_MODULE, FunctionName, Arguments))
    Exit Function
NoPython:
    FailedAt = Timer
Failed:
End Function

Private Function JxValues(ByVal Argument As Variant) As Variant
    If TypeName(Argument) = "Range" Then
        JxValues = JxRange(Argument)
    Else
        JxValues = Argument
    End If
End Function

' The values of a range, in one read and as plain numbers: dates and currencies too.
Private Function JxRange(ByVal Area As Object) As Variant
    If Area.Areas.Count > 1 Then Err.Raise 5
    JxRange = Area.Value2
End Function

' The answer with cell errors in it. One row comes as an array of one dimension.
Private Function JxCells(ByVal Block As Variant) As Variant
    Dim Across As Long
    Dim Down As Long
    If Not IsArray(Block) Then
        Block = JxCell(Block)
    ElseIf JxDimensions(Block) = 1 Then
        For Across = LBound(Block) To UBound(Block)
            Block(Across) = JxCell(Block(Across))
        Next Across
    Else
        For Down = LBound(Block, 1) To UBound(Block, 1)
            For Across = LBound(Block, 2) To UBound(Block, 2)
                Block(Down, Across) = JxCell(Block(Down, Across))
            Next Across
        Next Down
    End If
    JxCells = Block
End Function

' Numbers come as Double; an integer is the one that COM has for an error.
Private Function JxCell(ByVal Value As Variant) As Variant
    If VarType(Value) = vbLong Then
        JxCell = CVErr(Value - FIRST_SCODE)
    Else
        JxCell = Value
    End If
End Function

Private Function JxDimensions(ByVal Block As Variant) As Long
    On Error GoTo Counted
    If UBound(Block, 1) >= LBound(Block, 1) Then JxDimensions = 1
    If UBound(Block, 2) >= LBound(Block, 2) Then JxDimensions = 2
Counted:
End Function

' Runs when a person opens the workbook or the add-in is loaded.
Public Sub Auto_Open()
    JxRegister
End Sub

' Tells Excel what the functions and their arguments are called in Chinese. Only help texts are lost where
' that fails (Excel refuses it for a hidden workbook, which an add-in is, so it is none for that moment).
Public Sub JxRegister()
    Dim WasAddIn As Boolean
    On Error GoTo Failed
    WasAddIn = ThisWorkbook.IsAddin
    If WasAddIn Then ThisWorkbook.IsAddin = False
    JxDescribeAll
    GoTo Restore
Failed:
    Resume Restore
Restore:
    On Error Resume Next
    If WasAddIn Then ThisWorkbook.IsAddin = True
    ThisWorkbook.Saved = True
End Sub

Private Sub JxDescribeAll()
{descriptions}End Sub

Private Sub JxDescribe(ByVal FunctionName As String, ByVal Help As String, ByVal Arguments As Variant)
    Dim Place As Long
    For Place = LBound(Arguments) To UBound(Arguments)
        Arguments(Place) = JxText(Arguments(Place))
    Next Place
    Application.MacroOptions Macro:="'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & FunctionName, _
        Description:=JxText(Help), Category:=JxText("{category}"), ArgumentDescriptions:=Arguments
End Sub

' Four hexadecimal digits a character.
Private Function JxText(ByVal Codes As String) As String
    Dim Place As Long
    For Place = 1 To Len(Codes) Step 4
        JxText = JxText & ChrW$(CLng("&H" & Mid$(Codes, Place, 4)))
    Next Place
End Function
"""


def udf_module_text() -> str:
    """JixiaoUdfs.bas, lines ending in LF."""
    wrappers = "".join(_wrapper(function) for function in FUNCTIONS)
    descriptions = "".join(_description(function) for function in FUNCTIONS)
    return _HEAD + wrappers + _TAIL.format(descriptions=descriptions, category=hexadecimal(CATEGORY))


def _wrapper(function: Function) -> str:
    parameters = ", ".join(parameter(arg) for arg in function.args)
    given = [f"JxValues({arg.name})" for arg in function.args]
    values = ", ".join([*given, *(f'xlwings.GetConfig("{setting.name}", "", "sheet")' for setting in function.settings)])
    defaults = "".join(f'    If IsMissing({arg.name}) Then {arg.name} = ""\n' for arg in function.args if arg.optional)
    return _WRAPPER.format(name=function.name, parameters=parameters, values=values, defaults=defaults)


def parameter(argument: Argument) -> str:
    """An argument as VBA declares it."""
    plain = f"ByVal {argument.name} As Variant"
    return f"Optional {plain}" if argument.optional else plain


def _description(function: Function) -> str:
    arguments = ", _\n        ".join(_literal(arg.help) for arg in function.args)
    return f'    JxDescribe "{function.name}", _\n        {_literal(function.help)}, _\n        Array({arguments})\n'


def _literal(text: str) -> str:
    """The text as hexadecimal. On one line: 255 characters are what Excel takes of a help, and
    parsers of VBA take seconds over a sum of literals."""
    return f'"{hexadecimal(text)}"'


def hexadecimal(text: str) -> str:
    """Four digits a UTF-16 unit, as JxText reads it."""
    return text.encode("utf-16-be").hex().upper()
