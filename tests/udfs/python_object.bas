Rem Attribute VBA_ModuleType=VBAClassModule
Option VBASupport 1
Option ClassModule
' What XLPy gives, over UNO instead of COM. UNO knows arrays of arrays only, so a block comes flat.
Public Python As Object

Public Function CallUDF(ModuleName, FunctionName, Arguments)
    Dim Told, Down, Across, Block
    Told = Python.callFunction(ModuleName & "." & FunctionName, Arguments)
    If Told(0) = 0 Then
        CallUDF = Told(2)
        Exit Function
    End If
    ReDim Block(0 To Told(0) - 1, 0 To Told(1) - 1)
    For Down = 0 To Told(0) - 1
        For Across = 0 To Told(1) - 1
            Block(Down, Across) = Told(2 + Down * Told(1) + Across)
        Next Across
    Next Down
    CallUDF = Block
End Function
