def judge_total(marks):
    marks.sort()
    return sum(marks)
